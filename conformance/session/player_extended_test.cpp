// Transactions that use what the relay offers, and nothing else.
#include <gmock/gmock.h>

#include "conformance/session/test_support.h"

namespace relayproof::session {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace step = wire::step;

Job extendedJob() {
  Job job = plainJob(false);
  job.transactions[0].message = "one\r\n";
  job.transactions[0].recipients = {"a@x.test", "b@x.test"};
  job.transactions[0].extended = job.transactions[0].smtpUtf8IfOffered = job.transactions[0].bdatIfOffered = true;
  return job;
}

Script offering(const std::string& keywords) { return {Hear{"EHLO"}, Say{"250-relay.test\r\n" + keywords}}; }

TEST(PlayerExtended, AsksInOneSegmentAndSendsAChunk) {
  Server server(
      joined({kGreeting,
              offering("250-SIZE 1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250 CHUNKING\r\n"),
              {Hear{"MAIL FROM"}, Hear{"RCPT TO:<a"}, Hear{"RCPT TO:<b"}, Say{"250 mail\r\n250 rcpt\r\n550 rcpt\r\n"}},
              {Hear{"BDAT 5 LAST"}, Hear{"one"}, Say{"250 end\r\n"}},
              kQuit}));
  const Record record = Player(target(server)).play(extendedJob());
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(server.surprises(), IsEmpty());
  EXPECT_THAT(server.heard(),
              HasSubstr("> SIZE=5 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n"));
  EXPECT_EQ(code(record.transactions[0].rcpt[0]), 250);
  EXPECT_EQ(code(record.transactions[0].rcpt[1]), 550);
  EXPECT_EQ(code(record.transactions[0].endOfData), 250);
}

TEST(PlayerExtended, OfARefusedMailTheAnswersToRcptSayNothing) {
  Server server(joined({kGreeting,
                        offering("250 PIPELINING\r\n"),
                        {Hear{"MAIL FROM"}, Hear{"RCPT TO:<a"}, Hear{"RCPT TO:<b"}, Hear{"DATA"},
                         Say{"550 mail\r\n250 rcpt\r\n503 rcpt\r\n503 data\r\n"}},
                        kQuit}));
  const Record record = Player(target(server)).play(extendedJob());
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].mail), 550);
  for (const auto& answer : record.transactions[0].rcpt) EXPECT_FALSE(answer);
  EXPECT_THAT(record.checks, IsEmpty());
}

const Script kGroup = {Hear{"MAIL FROM"}, Hear{"RCPT TO:<a"}, Hear{"RCPT TO:<b"}, Hear{"DATA"}};

TEST(PlayerExtended, AsksForDataInTheSameGroup) {
  Server server(joined({kGreeting,
                        offering("250 PIPELINING\r\n"),
                        kGroup,
                        {Say{"250 mail\r\n250 rcpt\r\n550 rcpt\r\n354 go\r\n"}, HearMessage{}, Say{"250 end\r\n"}},
                        kQuit}));
  const Record record = Player(target(server)).play(extendedJob());
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(server.surprises(), IsEmpty());
  EXPECT_THAT(server.heard(), HasSubstr("RCPT TO:<b@x.test>\r\nDATA\r\n"));
  EXPECT_EQ(code(record.transactions[0].data), 354);
  EXPECT_EQ(code(record.transactions[0].endOfData), 250);
}

// RFC 2920 3.1: it may have been taken though nobody is to have it; then one period ends it, and says nothing of it.
TEST(PlayerExtended, SendsNobodyAPeriod) {
  Server server(joined({kGreeting,
                        offering("250 PIPELINING\r\n"),
                        kGroup,
                        {Say{"250 mail\r\n550 rcpt\r\n550 rcpt\r\n354 go\r\n"}, Hear{"."}, Say{"250 end\r\n"}},
                        kQuit}));
  const Record record = Player(target(server)).play(extendedJob());
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(server.surprises(), IsEmpty());
  EXPECT_FALSE(record.transactions[0].data);
  EXPECT_FALSE(record.transactions[0].endOfData);
  EXPECT_THAT(record.checks, IsEmpty());
}

TEST(PlayerExtended, AsksForNoDataWhereNoMessageIsToBeSent) {
  Job job = extendedJob();
  job.noData = true;
  Server server(
      joined({kGreeting,
              offering("250 PIPELINING\r\n"),
              {Hear{"MAIL FROM"}, Hear{"RCPT TO:<a"}, Hear{"RCPT TO:<b"}, Say{"250 mail\r\n250 rcpt\r\n250 rcpt\r\n"}},
              kQuit}));
  const Record record = Player(target(server)).play(job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(server.surprises(), IsEmpty());
  EXPECT_THAT(server.heard(), Not(HasSubstr("DATA")));
}

TEST(PlayerExtended, GoesWithoutWhatIsNotOffered) {
  Server server(joined({kGreeting,
                        offering("250 STARTTLS\r\n"),
                        {Hear{"MAIL FROM"}, Say{"250 ok\r\n"}, Hear{"RCPT TO"}, Say{"250 ok\r\n"}, Hear{"RCPT TO"},
                         Say{"250 ok\r\n"}, Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}, Say{"250 ok\r\n"}},
                        kQuit}));
  const Record record = Player(target(server)).play(extendedJob());
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(server.heard(), Not(HasSubstr("SIZE=")));
  EXPECT_THAT(server.heard(), Not(HasSubstr("BODY=")));
}

TEST(PlayerExtended, SendsNoChunkWhereThatIsNotWanted) {
  Job job = extendedJob();
  job.transactions[0].bdatIfOffered = false;
  job.transactions[0].recipients = {"c@d.test"};
  const Record record = played(joined({kGreeting,
                                       offering("250 CHUNKING\r\n"),
                                       kMail,
                                       kRcpt,
                                       {Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}, Say{"250 ok\r\n"}},
                                       kQuit}),
                               job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
}

}  // namespace
}  // namespace relayproof::session
