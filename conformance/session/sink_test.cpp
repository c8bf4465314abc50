#include "conformance/session/sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <system_error>

#include "conformance/session/player.h"
#include "conformance/session/sink_dialogue.h"

namespace relayproof::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kEnvelope = "MAIL FROM:<a@b.test> SIZE=5\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";
const std::string kEnvelopeReplies = "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go on\r\n";

/// The messages that these octets leave, heard in pieces of that size.
std::vector<SinkMessage> heard(const std::string& octets, std::size_t size) {
  SinkDialogue dialogue;
  std::vector<SinkMessage> messages;
  for (std::size_t at = 0; at < octets.size(); at += size) {
    dialogue.hear(std::string_view(octets).substr(at, size));
    for (SinkMessage& message : dialogue.takeMessages()) messages.push_back(std::move(message));
  }
  return messages;
}

TEST(SinkDialogue, EndsAMessageAtCrLfPeriodCrLfAlone) {
  struct Row {
    std::string sent;
    std::string kept;
    std::size_t bare;
  };
  const std::vector<Row> rows = {
      {".\r\n", "", 0},
      {"\r\n.\r\n", "\r\n", 0},
      {"a\r\n..b\r\n.c\r\n.\r\n", "a\r\n.b\r\nc\r\n", 0},
      {"a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", 2},
      {"a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", 1},
      {"a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", 1},
      {"a\r.\rb\r\n.\r\n", "a\r.\rb\r\n", 2},
      {std::string("a\r\n\0.\r\nb\r\n.\r\n", 14), std::string("a\r\n\0.\r\nb\r\n", 10), 1},
      {"MAIL FROM:<x@y.test>\r\n.\r\n", "MAIL FROM:<x@y.test>\r\n", 0},
  };
  for (const Row& row : rows) {
    const std::string octets = kEnvelope + row.sent + "QUIT\r\n";
    for (std::size_t size = 1; size <= octets.size(); ++size) {
      const std::vector<SinkMessage> messages = heard(octets, size);
      ASSERT_EQ(messages.size(), 1u) << row.sent;
      ASSERT_EQ(messages[0].data, row.kept) << "in pieces of " << size;
      ASSERT_EQ(messages[0].bareLineEnds.size(), row.bare) << row.sent;
      ASSERT_EQ(messages[0].mailFrom, "a@b.test");
      ASSERT_THAT(messages[0].recipients, ElementsAre("c@d.test"));
    }
  }
}

TEST(SinkDialogue, KeepsChunksAsTheyAre) {
  const std::string octets =
      "MAIL FROM:<>\r\nRCPT TO:<\"x>y\"@d.test>\r\nBDAT 6\r\n.a\r\n.\rBDAT 3 LAST\r\n\nb\nBDAT 0 LAST\r\nMAIL "
      "FROM:<z@z.test>\r\n"
      "RCPT TO:<q@d.test>\r\nbdat 1 last\r\nq";
  for (std::size_t size = 1; size <= octets.size(); ++size) {
    const std::vector<SinkMessage> messages = heard(octets, size);
    ASSERT_GE(messages.size(), 2u);
    ASSERT_EQ(messages.front().data, ".a\r\n.\r\nb\n");
    ASSERT_EQ(messages.front().mailFrom, "");
    ASSERT_THAT(messages.front().recipients, ElementsAre("\"x>y\"@d.test"));
    ASSERT_THAT(messages.front().bareLineEnds, ElementsAre(".a\\r\\n.\\r\\nb\\n"));
    ASSERT_EQ(messages.back().data, "q");
  }
}

TEST(SinkDialogue, AnswersEachCommandOnce) {
  SinkDialogue dialogue;
  EXPECT_EQ(dialogue.hear("HELO a\r\nNOOP\r\nRSET\r\nnonsense\r\nRCPT TO:<a@b.test>\r\nDATA\r\n"),
            "250 sink.invalid\r\n250 2.0.0 ok\r\n250 2.0.0 ok\r\n502 5.5.1 unknown command\r\n503 5.5.1 MAIL first\r\n"
            "503 5.5.1 RCPT first\r\n");
  EXPECT_EQ(dialogue.hear(kEnvelope), kEnvelopeReplies);
  EXPECT_EQ(dialogue.hear("x\r\n.\r\n" + kEnvelope), "250 2.0.0 kept\r\n" + kEnvelopeReplies);
  EXPECT_EQ(dialogue.hear("y\r\n.\r\nQUIT\r\nNOOP\r\n"), "250 2.0.0 kept\r\n221 2.0.0 bye\r\n");
  EXPECT_TRUE(dialogue.finished());
  EXPECT_EQ(dialogue.takeMessages().size(), 2u);
}

TEST(SinkDialogue, GivesUpWhereItCannotFollow) {
  SinkDialogue endless;
  EXPECT_THAT(endless.hear(std::string(9000, 'x')), HasSubstr("500"));
  EXPECT_TRUE(endless.finished());
  SinkDialogue sizeless;
  EXPECT_THAT(sizeless.hear("BDAT x\r\n"), HasSubstr("501"));
  EXPECT_TRUE(sizeless.finished());
}

Target at(const std::string& address) {
  Target target;
  target.host = address.substr(0, address.rfind(':'));
  target.port = static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1)));
  target.timeoutSeconds = 10;
  return target;
}

TEST(SinkDialogue, EndsWhereAMessageDoesNot) {
  SinkDialogue dialogue;
  dialogue.hear(kEnvelope);
  const std::string lines(std::size_t{1} << 20, 'a');
  std::string replies;
  for (int i = 0; i < 70 && !dialogue.finished(); ++i) replies += dialogue.hear(lines);
  EXPECT_TRUE(dialogue.finished());
  EXPECT_EQ(replies, "552 5.3.4 too large\r\n");
}

TEST(Sink, KeepsWhatManySessionsBringAndFindsItByToken) {
  Sink sink("127.0.0.1:0");
  std::vector<Job> jobs;
  for (int number = 0; number < 200; ++number) {
    const std::string token = "rp-" + std::to_string(1000 + number);
    Job job;
    job.steps = wire::plainDialogue("client.test", false, 1);
    job.transactions = {{"a@b.test", "", {token + "@d.test"}, "Subject: x\r\n\r\n." + token + "\r\n", number % 2 == 1}};
    jobs.push_back(job);
  }
  Player player(at(sink.address()));
  EXPECT_TRUE(player.run(
      jobs, 16, [](std::size_t, Record record) { EXPECT_EQ(record.end, End::completed) << record.endText; },
      [] { return false; }));
  EXPECT_EQ(sink.count(), jobs.size());
  const std::vector<SinkMessage> found = sink.find("rp-1007");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].data, "Subject: x\r\n\r\n.rp-1007\r\n");
  EXPECT_THAT(found[0].recipients, ElementsAre("rp-1007@d.test"));
  EXPECT_THAT(sink.find("rp-2000"), IsEmpty());
  EXPECT_THAT(sink.find("rp-1007", jobs.size()), IsEmpty()) << "it came before";
  EXPECT_THAT(sink.find("rp-"), SizeIs(jobs.size()));
  EXPECT_THAT(sink.find("rp-", jobs.size() - 1), SizeIs(1));
}

TEST(Sink, EndsWithSessionsOpen) {
  Sink next("127.0.0.1:0");
  Job job;
  job.steps = {wire::step::Connect{}, wire::step::Ehlo{"client.test"}};
  {
    Sink sink("127.0.0.1:0");
    EXPECT_EQ(Player(at(sink.address())).play(job).end, End::completed);
  }
  EXPECT_EQ(Player(at(next.address())).play(job).end, End::completed);
}

TEST(Sink, SaysWhereItCannotListen) {
  Sink sink("127.0.0.1:0");
  EXPECT_THROW(Sink{sink.address()}, std::system_error);
  EXPECT_THROW(Sink{"127.0.0.1:port"}, std::system_error);
}

}  // namespace
}  // namespace relayproof::session
