#include "runners/reference/message.h"

#include <gtest/gtest.h>

namespace relayproof::reference {
namespace {

TEST(DataReader, EndsAtCrLfDotCrLfAloneHoweverTheOctetsCome) {
  const std::string octets = "Subject: x\r\n\r\n..one\r\n.\n\n.\r\n\r.\r\nend\r\n.\r\nQUIT\r\n";
  for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
    DataReader reader({});
    std::size_t used = 0;
    while (used < octets.size() && !reader.isComplete()) used += reader.feed(octets.substr(used, piece));
    ASSERT_TRUE(reader.isComplete()) << piece;
    EXPECT_EQ(octets.substr(used), "QUIT\r\n") << piece;
    EXPECT_EQ(reader.message(), "Subject: x\r\n\r\n.one\r\n\n\n.\r\n\r.\r\nend\r\n") << piece;
  }
}

TEST(DataReader, TakesAnEmptyMessage) {
  DataReader reader({});
  EXPECT_EQ(reader.feed(".\r\nRSET\r\n"), 3U);
  EXPECT_TRUE(reader.isComplete());
  EXPECT_EQ(reader.message(), "");
}

TEST(DataReader, ReadsOnPastTheLargestMessageAndKeepsLittle) {
  DataReader reader({});
  const std::string lump(1024 * 1024, 'x');
  for (int i = 0; i < 11; ++i) EXPECT_EQ(reader.feed(lump), lump.size());
  EXPECT_FALSE(reader.isComplete());
  EXPECT_EQ(reader.feed("\r\n.\r\nNOOP"), 5U);
  EXPECT_TRUE(reader.isComplete());
  EXPECT_TRUE(reader.isTooLarge());
  EXPECT_EQ(reader.message(), "");
}

TEST(Message, IsCleanOnlyWithoutBareLineEndsAndNul) {
  EXPECT_TRUE(isCleanMessage(""));
  EXPECT_TRUE(isCleanMessage("a\r\n\r\nb\r\n"));
  for (const std::string_view unclean : {"a\nb\r\n", "a\rb\r\n", "a\r", "\n", "a\r\r\n", "a\n\r\n"})
    EXPECT_FALSE(isCleanMessage(unclean)) << unclean;
  EXPECT_FALSE(isCleanMessage(std::string_view("a\0b\r\n", 5)));
}

TEST(Message, LosesEveryCopyOfAHeaderAndNothingElse) {
  EXPECT_EQ(
      withoutHeader("x-tenant : evil\r\n\tfolded\r\nX-Tenants: stays\r\nSubject: x\r\n folded\r\nX-TENANT:b\r\n\r\n"
                    "X-Tenant: body\r\n",
                    "X-Tenant"),
      "X-Tenants: stays\r\nSubject: x\r\n folded\r\n\r\nX-Tenant: body\r\n");
  EXPECT_EQ(withoutHeader("X-Tenant: unfinished", "X-Tenant"), "");
  EXPECT_TRUE(hasHeader("A: b\r\nX-tenant: c\r\n\r\n", "X-Tenant"));
  EXPECT_FALSE(hasHeader("A: b\r\n\r\nX-Tenant: c\r\n", "X-Tenant"));
}

TEST(Message, NamesTheDomainOfItsFrom) {
  struct Row {
    const char* header;
    const char* domain;
  };
  const Row rows[] = {
      {"From: a@Contoso.test", "contoso.test"},
      {"from:\ta@contoso.test ", "contoso.test"},
      {"From: Alice <a@contoso.test>", "contoso.test"},
      {"From: Alice\r\n <a@contoso.test>\r\nTo: b@b.test", "contoso.test"},
      {"From: \"<a@evil.test>, \\\" x\" <a@contoso.test>", "contoso.test"},
      {"From: a@contoso.test (at (b@evil.test) \\) <c@evil.test>)", "contoso.test"},
      {"From: (\") <a@contoso.test>", "contoso.test"},
      {"From: \"a@evil.test\"@contoso.test", "contoso.test"},
      {"From: a@contoso.test, b@evil.test", ""},
      {"From: group: a@contoso.test;", ""},
      {"From: <a@contoso.test> <b@evil.test>", ""},
      {"From: <a@contoso.test", ""},
      {"From: \"a@contoso.test", ""},
      {"From: a@[192.0.2.1]", ""},
      {"From: aaaaaaaaaaaaaa> <a@contoso.test", ""},
      {"From: nobody", ""},
      {"From:", ""},
      {"From: a@contoso.test\r\nFrom: a@contoso.test", ""},
      {"Sender: a@contoso.test\r\nX-From: a@contoso.test", ""},
      {"\r\nFrom: a@contoso.test", ""},
  };
  for (const Row& row : rows)
    EXPECT_EQ(headerFromDomain(std::string(row.header) + "\r\n\r\nhi\r\n"), row.domain) << row.header;
}

TEST(Message, IsStuffedSoThatItReadsTheSame) {
  for (const std::string message : {"", ".\r\n", "..\r\n.\r\n", "a\r\n.b\r\n", ".\r\n.\r\n.\r\n"}) {
    DataReader reader({});
    const std::string octets = stuffed(message);
    EXPECT_EQ(reader.feed(octets), octets.size());
    EXPECT_TRUE(reader.isComplete()) << octets;
    EXPECT_EQ(reader.message(), message);
  }
  EXPECT_EQ(stuffed("no end"), "no end\r\n.\r\n");
}

}  // namespace
}  // namespace relayproof::reference
