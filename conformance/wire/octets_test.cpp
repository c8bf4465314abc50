#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/wire/content.h"
#include "conformance/wire/ehlo.h"
#include "conformance/wire/escape.h"

namespace relayproof::wire {
namespace {

TEST(Content, DoublesPeriodsThatBeginALineAndEndsWithOne) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ".\r\n"},
      {"a", "a\r\n.\r\n"},
      {"a\r\n", "a\r\n.\r\n"},
      {".", "..\r\n.\r\n"},
      {".a\r\n..b\r\nc.\r\n", "..a\r\n...b\r\nc.\r\n.\r\n"},
      {"a\r\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"},
      {"a\r\n.\nb\r\n", "a\r\n..\nb\r\n.\r\n"},
      // Smuggling: no line begins after a bare CR or LF, so nothing is doubled.
      {"a\n.\nb\r\n", "a\n.\nb\r\n.\r\n"},
      {"a\n.\r\nb\r\n", "a\n.\r\nb\r\n.\r\n"},
      {"a\r.\r\nb\r\n", "a\r.\r\nb\r\n.\r\n"},
      {"a\r", "a\r\r\n.\r\n"},
      {std::string("a\r\n\0.\r\n", 7), std::string("a\r\n\0.\r\n.\r\n", 10)},
  };
  for (const auto& [message, expected] : rows) {
    EXPECT_EQ(escaped(stuffed(message)), escaped(expected)) << escaped(message);
  }
}

TEST(Content, DataIsSentAsItsTransactionSays) {
  Transaction transaction;
  transaction.message = "a\r\n.\nb\r\n";
  EXPECT_THAT(dataOf(transaction), testing::ElementsAre("a\r\n..\nb\r\n.\r\n"));
  transaction.data = Data::unstuffed;
  EXPECT_THAT(dataOf(transaction), testing::ElementsAre("a\r\n.\nb\r\n.\r\n"));
  transaction.data = Data::endByOctets;
  EXPECT_THAT(dataOf(transaction), testing::ElementsAre("a\r\n..\nb", "\r", "\n", ".", "\r", "\n"));
  EXPECT_FALSE(transaction.commandBehind());
  transaction.data = Data::commandBehind;
  EXPECT_TRUE(transaction.commandBehind());
  transaction.bdat = true;
  EXPECT_FALSE(transaction.commandBehind()) << "it is BDAT that is sent";
  transaction.chunks = Chunks::commandBehind;
  EXPECT_TRUE(transaction.commandBehind());
  EXPECT_FALSE(transaction.quitBehind());
  transaction.chunks = Chunks::quitBehind;
  EXPECT_TRUE(transaction.quitBehind());
  transaction.bdat = false;
  EXPECT_FALSE(transaction.quitBehind());
  transaction.data = Data::quitBehind;
  EXPECT_TRUE(transaction.quitBehind());
}

TEST(Content, HalvesAreAllOfItInTwo) {
  EXPECT_THAT(halves({"ab", "cde"}), testing::ElementsAre("ab", "cde"));
  EXPECT_THAT(halves({"abcd"}), testing::ElementsAre("ab", "cd"));
}

TEST(Content, ChunkCountsOctetsAndDoublesNothing) {
  EXPECT_EQ(lastChunk(".a\r\n"), "BDAT 4 LAST\r\n.a\r\n");
  EXPECT_EQ(lastChunk(""), "BDAT 0 LAST\r\n");
}

TEST(Content, ChunksEndWhereTheyAreToldTo) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(chunksOf("a\r\n", Chunks::whole), (Texts{"BDAT 3 LAST\r\na\r\n"}));
  EXPECT_EQ(chunksOf("a\r\n", Chunks::lowerCase), (Texts{"bdat 3 last\r\na\r\n"}));
  Transaction transaction{"a@b.test", " SIZE=1", {"c@d.test"}, "", false, {}, {}, " NOTIFY=NEVER"};
  EXPECT_EQ(mailCommand(transaction), "MAIL FROM:<a@b.test> SIZE=1");
  EXPECT_EQ(rcptCommand(transaction, 0), "RCPT TO:<c@d.test> NOTIFY=NEVER");
  EXPECT_EQ(dataCommand(transaction), "DATA");
  transaction.lowerCase = true;
  EXPECT_EQ(mailCommand(transaction), "mail from:<a@b.test> SIZE=1");
  EXPECT_EQ(rcptCommand(transaction, 0), "rcpt to:<c@d.test> NOTIFY=NEVER");
  EXPECT_EQ(dataCommand(transaction), "data");
  EXPECT_EQ(chunksOf("a\r\n", Chunks::leadingZeros), (Texts{"BDAT 0000000003 LAST\r\na\r\n"}));
  EXPECT_EQ(chunksOf("a\r\n", Chunks::commandBehind), (Texts{"BDAT 3 LAST\r\na\r\n"}));
  EXPECT_EQ(chunksOf("a\r\n", Chunks::emptyLast), (Texts{"BDAT 3\r\na\r\n", "BDAT 0 LAST\r\n"}));
  EXPECT_EQ(chunksOf("a\r\n.\r\n", Chunks::withinLineEnds),
            (Texts{"BDAT 2\r\na\r", "BDAT 3\r\n\n.\r", "BDAT 1 LAST\r\n\n"}));
  EXPECT_EQ(chunksOf("a\n.\rb\r\n", Chunks::withinLineEnds),
            (Texts{"BDAT 1\r\na", "BDAT 3\r\n\n.\r", "BDAT 2\r\nb\r", "BDAT 1 LAST\r\n\n"}));
  EXPECT_EQ(chunksOf("ab\r\n\r\n.cd\r\n", Chunks::withinLines),
            (Texts{"BDAT 1\r\na", "BDAT 2\r\nb\r", "BDAT 5\r\n\n\r\n.c", "BDAT 3 LAST\r\nd\r\n"}));
}

TEST(Ehlo, KeywordsAreTheLinesAfterTheFirst) {
  const std::vector<std::string> lines = keywords({250, "", {"mx.test greets", "SIZE 1000", "starttls", "AUTH=LOGIN"}});
  EXPECT_EQ(lines, (std::vector<std::string>{"SIZE 1000", "starttls", "AUTH=LOGIN"}));
  EXPECT_TRUE(offers(lines, "STARTTLS"));
  EXPECT_TRUE(offers(lines, "size"));
  EXPECT_FALSE(offers(lines, "AUTH"));
  EXPECT_FALSE(offers(lines, "START"));
  EXPECT_FALSE(offers(lines, "STARTTLSX"));
  EXPECT_TRUE(keywords({250, "", {}}).empty());
}

TEST(Escape, LeavesPrintableAsciiAlone) {
  EXPECT_EQ(escaped(std::string("a~ \\ \r\n\t\0\x7f\xc3\xa9", 12)), "a~ \\\\ \\r\\n\\x09\\x00\\x7F\\xC3\\xA9");
  EXPECT_EQ(excerpt("abcdef", 6), "abcdef");
  EXPECT_EQ(excerpt("abcdef", 4), "abcd... (2 more octets)");
}

TEST(Ehlo, OffersTheParametersOfItsExtensions) {
  const std::vector<std::string> lines = {"SIZE 100", "8BITMIME", "dsn"};
  EXPECT_TRUE(offersParameters(lines, ""));
  EXPECT_TRUE(offersParameters(lines, " SIZE=5 BODY=8BITMIME NOTIFY=NEVER"));
  EXPECT_FALSE(offersParameters(lines, " SIZE=5 SMTPUTF8"));
  EXPECT_FALSE(offersParameters(lines, " BODY=BINARYMIME"));
  EXPECT_FALSE(offersParameters(lines, " XOORG=a.test"));
}

}  // namespace
}  // namespace relayproof::wire
