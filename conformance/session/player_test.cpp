#include "conformance/session/player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <set>

#include "conformance/session/test_support.h"

namespace relayproof::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Ask = AcceptTls::Ask;
using Outcome = TlsRecord::Outcome;
namespace step = wire::step;

TEST(Player, PlaysThePlainDialogue) {
  Server server(joined({kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  const Record record = Player(target(server)).play(plainJob(false));
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(record.source, "127.0.0.1");
  EXPECT_EQ(record.greeting, "relay.test ESMTP");
  EXPECT_THAT(record.ehlo, ElementsAre("SIZE 1000", "STARTTLS"));
  EXPECT_EQ(record.tls.outcome, Outcome::none);
  ASSERT_EQ(record.transactions.size(), 1u);
  const TransactionRecord& transaction = record.transactions[0];
  EXPECT_EQ(code(transaction.mail), 250);
  ASSERT_EQ(transaction.rcpt.size(), 1u);
  EXPECT_EQ(transaction.rcpt[0]->enhanced, "2.1.5");
  EXPECT_EQ(code(transaction.data), 354);
  EXPECT_EQ(code(transaction.endOfData), 250);
  EXPECT_THAT(record.checks, IsEmpty());
  EXPECT_EQ(
      transcript(record),
      "relay: 220 relay.test ESMTP\nclient: EHLO client.test\nrelay: 250-relay.test\nrelay: 250-SIZE 1000\n"
      "relay: 250 STARTTLS\nclient: MAIL FROM:<a@b.test>\nrelay: 250 2.1.0 ok\nclient: RCPT TO:<c@d.test>\n"
      "relay: 250 2.1.5 ok\nclient: DATA\nrelay: 354 go\n"
      "client: Subject: x\\r\\n\\r\\n..dot\\r\\n.\\r\\n\nrelay: 250 2.0.0 queued\nclient: QUIT\nrelay: 221 bye\n");
}

struct PlayedRow {
  const char* name;
  Script script;
  End end;
  Stage endedAt;
  int lastCode;
};

TEST(Player, EndsWhereTheRelayEnds) {
  const Script hello = joined({kGreeting, kEhlo});
  const std::string longLine = "220 " + std::string(5000, 'x') + "\r\n";
  const std::vector<PlayedRow> rows = {
      {"closes at once", {Close{}}, End::dropped, Stage::greeting, 0},
      {"greets with 554", {Say{"554 no\r\n"}}, End::stopped, Stage::greeting, 554},
      {"greets with 421", {Say{"421 busy\r\n"}}, End::stopped, Stage::greeting, 421},
      {"greets with 250", {Say{"250 what\r\n"}}, End::stopped, Stage::greeting, 250},
      {"greets with garbage", {Say{"SSH-2.0-x\r\n"}}, End::protocolError, Stage::greeting, 0},
      {"greets without end", {Say{longLine}}, End::protocolError, Stage::greeting, 0},
      {"greets half", {Say{"220-relay\r\n22"}, Close{}}, End::dropped, Stage::greeting, 0},
      {"refuses EHLO", joined({kGreeting, {Hear{"EHLO"}, Say{"502 no\r\n"}}}), End::stopped, Stage::ehlo, 502},
      {"closes at EHLO", joined({kGreeting, {Hear{"EHLO"}, Close{}}}), End::dropped, Stage::ehlo, 0},
      {"changes its code", joined({kGreeting, {Hear{"EHLO"}, Say{"250-a\r\n251 b\r\n"}}}), End::protocolError,
       Stage::ehlo, 0},
      {"closes at MAIL", joined({hello, {Hear{"MAIL"}, Close{}}}), End::dropped, Stage::mail, 0},
      {"resets at MAIL", joined({hello, {Hear{"MAIL"}, Reset{}}}), End::dropped, Stage::mail, 0},
      {"421 to MAIL", joined({hello, {Hear{"MAIL"}, Say{"421 no\r\n"}}}), End::stopped, Stage::mail, 421},
      {"closes at RCPT", joined({hello, kMail, {Hear{"RCPT"}, Close{}}}), End::dropped, Stage::rcpt, 0},
      {"421 to RCPT", joined({hello, kMail, {Hear{"RCPT"}, Say{"421 no\r\n"}}}), End::stopped, Stage::rcpt, 421},
      {"closes at DATA", joined({hello, kMail, kRcpt, {Hear{"DATA"}, Close{}}}), End::dropped, Stage::data, 0},
      {"closes in the message", joined({hello, kMail, kRcpt, {Hear{"DATA"}, Say{"354 go\r\n"}, Close{}}}), End::dropped,
       Stage::endOfData, 0},
      {"closes at the end", joined({hello, kMail, kRcpt, {Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}, Close{}}}),
       End::dropped, Stage::endOfData, 0},
      {"421 at the end",
       joined({hello, kMail, kRcpt, {Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}, Say{"421 no\r\n"}}}), End::stopped,
       Stage::endOfData, 421},
      {"closes at QUIT", joined({hello, kMail, kRcpt, kData, {Hear{"QUIT"}, Close{}}}), End::dropped, Stage::quit, 0},
  };
  for (const PlayedRow& row : rows) {
    const Record record = played(row.script, plainJob(false));
    EXPECT_EQ(record.end, row.end) << row.name << ": " << record.endText;
    EXPECT_EQ(name(record.endedAt), name(row.endedAt)) << row.name;
    EXPECT_EQ(code(record.lastReply), row.lastCode) << row.name;
    EXPECT_FALSE(record.endText.empty()) << row.name;
    EXPECT_THAT(record.checks, IsEmpty()) << row.name;
  }
}

TEST(Player, TimesOutAtEveryStage) {
  const Script hello = joined({kGreeting, kEhlo});
  const std::vector<PlayedRow> rows = {
      {"never greets", {Stall{}}, End::timeout, Stage::greeting, 0},
      {"greets half", {Say{"220-relay\r\n"}, Stall{}}, End::timeout, Stage::greeting, 0},
      {"no answer to MAIL", joined({hello, {Hear{"MAIL"}, Stall{}}}), End::timeout, Stage::mail, 0},
      {"no answer at the end", joined({hello, kMail, kRcpt, {Hear{"DATA"}, Say{"354 go\r\n"}, Stall{}}}), End::timeout,
       Stage::endOfData, 0},
  };
  // All at once, since each takes its time.
  constexpr int kSeconds = 2;
  std::vector<std::future<Record>> records;
  for (const PlayedRow& row : rows) {
    records.push_back(std::async(std::launch::async, [&row] { return played(row.script, plainJob(false), kSeconds); }));
  }
  const Script noHandshake = joined({kPlainTls, {Stall{}}});
  const Script noEhlo = joined({kPlainTls, {AcceptTls{Ask::required}, Stall{}}});
  const Job job = certificateJob();
  std::future<Record> beforeTls = std::async(std::launch::async, [&] { return played(noHandshake, job, kSeconds); });
  std::future<Record> afterTls = std::async(std::launch::async, [&] { return played(noEhlo, job, kSeconds); });
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const Record record = records[at].get();
    EXPECT_EQ(record.end, rows[at].end) << rows[at].name << ": " << record.endText;
    EXPECT_EQ(name(record.endedAt), name(rows[at].endedAt)) << rows[at].name;
  }
  Record record = beforeTls.get();
  EXPECT_EQ(record.end, End::timeout);
  EXPECT_EQ(record.tls.outcome, Outcome::failed);
  EXPECT_EQ(record.endedAt, Stage::tls);
  record = afterTls.get();
  EXPECT_EQ(record.end, End::timeout);
  EXPECT_EQ(record.tls.outcome, Outcome::ok) << "no answer is no refusal";
  EXPECT_EQ(record.endedAt, Stage::afterTls);
}

TEST(Player, StopsWhereStartTlsIsNotToBeHad) {
  const Record unoffered =
      played(joined({kGreeting, {Hear{"EHLO"}, Say{"250 relay.test\r\n"}}, kQuit}), plainJob(true));
  EXPECT_EQ(unoffered.end, End::stopped);
  EXPECT_EQ(unoffered.endedAt, Stage::starttls);
  EXPECT_EQ(unoffered.endText, "the relay does not offer STARTTLS");
  EXPECT_FALSE(unoffered.lastReply);
  for (const char* answer : {"454 4.7.0 not now\r\n", "501 5.5.4 no\r\n", "250 ok\r\n", "421 no\r\n"}) {
    const Record record = played(joined({kGreeting, kEhlo, {Hear{"STARTTLS"}, Say{answer}}}), plainJob(true));
    EXPECT_EQ(record.end, End::stopped) << answer;
    EXPECT_EQ(record.endedAt, Stage::starttls) << answer;
    EXPECT_EQ(code(record.lastReply), std::stoi(answer));
    EXPECT_EQ(record.tls.outcome, Outcome::none);
  }
}

TEST(Player, GoesOnBehindWhatIsRefused) {
  const Script hello = joined({kGreeting, kEhlo});
  const Script denied = {Hear{"RCPT"}, Say{"550-5.7.64 Relay\r\n550 5.7.64 Access Denied\r\n"}};
  Record record =
      played(joined({hello, {Hear{"MAIL"}, Say{"550 5.7.1 no\r\n"}}, kMail, kRcpt, kData, kQuit}), plainJob(false, 2));
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].mail), 550);
  EXPECT_FALSE(record.transactions[0].rcpt[0]);
  EXPECT_FALSE(record.transactions[0].data);
  EXPECT_EQ(code(record.transactions[1].endOfData), 250);

  record = played(joined({hello, kMail, denied, {Hear{"RSET"}, Say{"250 ok\r\n"}}, kMail, kRcpt, kData, kQuit}),
                  plainJob(false, 2));
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(record.transactions[0].rcpt[0]->enhanced, "5.7.64");
  EXPECT_EQ(record.transactions[0].rcpt[0]->text(), "Relay 5.7.64 Access Denied");
  EXPECT_FALSE(record.transactions[0].data);
  EXPECT_EQ(code(record.transactions[1].endOfData), 250);

  Job mixed = plainJob(false);
  mixed.transactions[0].recipients = {"x@y.test", "c@d.test", "Postmaster"};
  record = played(joined({hello,
                          kMail,
                          {Hear{"RCPT TO:<x@y.test>"}, Say{"450 4.7.1 later\r\n"}},
                          kRcpt,
                          {Hear{"RCPT TO:<Postmaster>"}, Say{"250 ok\r\n"}},
                          {Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}, Say{"550 5.7.64 no\r\n"}},
                          kQuit}),
                  mixed);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].rcpt[0]), 450);
  EXPECT_EQ(code(record.transactions[0].rcpt[1]), 250);
  EXPECT_EQ(code(record.transactions[0].endOfData), 550);

  record = played(joined({hello, kMail, kRcpt, {Hear{"DATA"}, Say{"554 5.7.1 no\r\n"}}, kQuit}), plainJob(false));
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].data), 554);
  EXPECT_FALSE(record.transactions[0].endOfData);
}

TEST(Player, TakesAGoodByeInAnyCode) {
  const Record record = played(
      joined({kGreeting, kEhlo, kMail, kRcpt, kData, {Hear{"QUIT"}, Say{"250 bye\r\n"}, Close{}}}), plainJob(false));
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(record.checks, IsEmpty());
}

TEST(Player, ReadsWhyAMessageWasCutShort) {
  Job job = plainJob(false);
  job.transactions[0].message += std::string(6'000'000, 'x');
  const Script body = joined({kGreeting, kEhlo, kMail, kRcpt, {Hear{"DATA"}, Say{"354 go\r\n"}}});
  Record record = played(joined({body, {Hear{"Subject"}, Say{"552 5.3.4 too big\r\n"}, Close{}}}), job);
  EXPECT_EQ(code(record.transactions[0].endOfData), 552) << record.endText;
  record = played(joined({body, {Deaf{}}}), job, 2);
  EXPECT_EQ(record.end, End::timeout) << "nobody reads";
  EXPECT_EQ(record.endedAt, Stage::endOfData);
  EXPECT_LT(record.transcript.back().text.size(), 1100u);
}

TEST(Player, StopsAfterRecipientsWithoutData) {
  Job job = plainJob(false);
  job.noData = true;
  const Record record = played(joined({kGreeting, kEhlo, kMail, kRcpt, kQuit}), job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].rcpt[0]), 250);
  EXPECT_FALSE(record.transactions[0].data);
}

TEST(Player, SendsChunksUnstuffed) {
  Job job = plainJob(false);
  job.transactions[0].bdat = true;
  job.transactions[0].mailFrom = "";
  job.transactions[0].mailParameters = " BODY=8BITMIME";
  const Record record =
      played(joined({kGreeting,
                     kEhlo,
                     {Hear{"MAIL FROM:<> BODY=8BITMIME\r\n"}, Say{"250 ok\r\n"}},
                     kRcpt,
                     {Hear{"BDAT 20 LAST"}, Hear{"Subject: x"}, Hear{"\r\n"}, Hear{".dot"}, Say{"250 ok\r\n"}},
                     kQuit}),
             job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].endOfData), 250);
  EXPECT_FALSE(record.transactions[0].data);
}

TEST(Player, ACommandBehindTheMessageIsInItsSegmentWhereCommandsMayBeGrouped) {
  const Script groups = {Hear{"EHLO"}, Say{"250-relay.test\r\n250 PIPELINING\r\n"}};
  const Script message = {Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}};
  Job job = plainJob(false);
  job.transactions[0].data = wire::Data::commandBehind;
  Record record = played(
      joined({kGreeting, groups, kMail, kRcpt, message, {Hear{"RSET"}, Say{"250 ok\r\n250 ok\r\n"}}, kQuit}), job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  ASSERT_EQ(record.checks.size(), 1u);
  EXPECT_TRUE(record.checks[0].ok) << record.checks[0].why;
  record = played(
      joined({kGreeting, groups, kMail, kRcpt, message, {Hear{"RSET"}, Say{"250 ok\r\n500 what\r\n"}}, kQuit}), job);
  ASSERT_EQ(record.checks.size(), 1u);
  EXPECT_FALSE(record.checks[0].ok);
  record = played(joined({kGreeting, kEhlo, kMail, kRcpt, message, {Say{"250 ok\r\n"}}, kQuit}), job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(record.checks, IsEmpty()) << "nothing is sent in a group to who does not offer PIPELINING";
}

TEST(Player, SaysQuitInTheSegmentOfTheMessageAndNotOnceMore) {
  const Script groups = {Hear{"EHLO"}, Say{"250-relay.test\r\n250 PIPELINING\r\n"}};
  const Script message = {Hear{"DATA"}, Say{"354 go\r\n"}, HearMessage{}};
  Job job = plainJob(false);
  job.transactions[0].data = wire::Data::quitBehind;
  Server server(joined({kGreeting, groups, kMail, kRcpt, message, {Hear{"QUIT"}, Say{"250 ok\r\n221 bye\r\n"}}}));
  Record record = Player(target(server)).play(job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].endOfData), 250);
  EXPECT_THAT(server.surprises(), IsEmpty());
  EXPECT_THAT(server.heard(), testing::EndsWith("\r\n.\r\nQUIT\r\n"));
  record = played(joined({kGreeting, groups, kMail, kRcpt, message, {Hear{"QUIT"}, Say{"250 ok\r\n"}}}), job);
  EXPECT_EQ(record.end, End::dropped);
  EXPECT_EQ(record.endedAt, Stage::quit);
  record = played(joined({kGreeting, kEhlo, kMail, kRcpt, message, {Say{"250 ok\r\n"}}, kQuit}), job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
}

TEST(Player, TalksBeforeTheGreetingWhereItIsTold) {
  Job job = plainJob(false);
  job.steps = {step::Connect{"early\r\n"}, step::Ehlo{"client.test"}, step::Quit{}};
  EXPECT_EQ(played(joined({{Hear{"early"}}, kGreeting, kEhlo, kQuit}), job).end, End::completed);
}

TEST(Player, GivesUpAMessageOfWhichAChunkWasRefusedBeforeTheNext) {
  Job job = plainJob(false, 2);
  job.transactions[0].bdat = true;
  job.transactions[0].chunks = wire::Chunks::emptyLast;
  job.transactions[1].recipientParameters = " NOTIFY=NEVER";
  const Record record =
      played(joined({kGreeting,
                     kEhlo,
                     kMail,
                     kRcpt,
                     {Hear{"BDAT 20"}, Hear{"Subject: x"}, Hear{"\r\n"}, Hear{".dot"}, Say{"550 no\r\n"}},
                     {Hear{"RSET"}, Say{"250 ok\r\n"}},
                     kMail,
                     {Hear{"RCPT TO:<c@d.test> NOTIFY=NEVER\r\n"}, Say{"550 no\r\n"}},
                     kQuit}),
             job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(code(record.transactions[0].endOfData), 550);
  EXPECT_EQ(code(record.transactions[1].rcpt.at(0)), 550);
}

TEST(Player, AChunkThatIsReadAsCommandsEndsTheSession) {
  Job job = plainJob(false);
  job.transactions[0].bdat = true;
  const Record record = played(
      joined({kGreeting, kEhlo, kMail, kRcpt, {Hear{"BDAT"}, Say{"500 unknown\r\n500 unknown\r\n500 unknown\r\n"}}}),
      job);
  EXPECT_EQ(record.end, End::stopped) << record.endText;
  EXPECT_EQ(code(record.transactions[0].endOfData), 500);
  EXPECT_THAT(record.checks, IsEmpty()) << "one reply a command: each line of the chunk was one to this relay";
}

TEST(Player, TakesRepliesInAnySegmentation) {
  Script slow;
  for (Act act : joined({kGreeting, kEhlo, kMail, kRcpt, kData, kQuit})) {
    if (auto* say = std::get_if<Say>(&act)) say->octetByOctet = true;
    slow.push_back(act);
  }
  const Record record = played(slow, plainJob(false));
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_THAT(record.ehlo, ElementsAre("SIZE 1000", "STARTTLS"));
}

TEST(Player, NoticesRepliesTooMany) {
  const Script hello = joined({kGreeting, kEhlo});
  const std::vector<std::pair<Script, std::string>> rows = {
      {joined({{Say{"220 relay.test\r\n250 early\r\n"}}, kEhlo, kMail, kRcpt, kData, kQuit}),
       "\"250 early\" came before EHLO"},
      {joined({hello, {Hear{"MAIL"}, Say{"250 ok\r\n250 again\r\n"}}, kRcpt, kData, kQuit}),
       "\"250 again\" came before RCPT"},
      {joined({hello, kMail, kRcpt, kData, {Hear{"QUIT"}, Say{"250 again\r\n221 bye\r\n"}}}),
       "\"250 again\" came before the 221 to QUIT"},
  };
  for (const auto& [script, why] : rows) {
    const Record record = played(script, plainJob(false));
    EXPECT_EQ(record.end, End::completed) << record.endText << transcript(record);
    EXPECT_EQ(code(record.transactions[0].endOfData), 250);
    ASSERT_EQ(record.checks.size(), 1u) << transcript(record);
    EXPECT_EQ(record.checks[0].name, "one-reply-a-command");
    EXPECT_FALSE(record.checks[0].ok);
    EXPECT_THAT(record.checks[0].why, HasSubstr(why));
  }
}

// ---- Steps about what was heard

TEST(Player, TellsWhatIsOfferedAndHowLinesEnd) {
  const auto checked = [](const std::string& greeting, const std::string& keyword) {
    Job job;
    job.steps = {step::Connect{}, step::Ehlo{"a"}, step::Withholds{keyword, "withheld"}, step::EndsInCrlf{"lines"}};
    return played(joined({{Say{greeting}}, {Hear{"EHLO"}, Say{"250-a\r\n250 STARTTLS\r\n"}}}), job).checks;
  };
  const auto right = checked("220 a\r\n", "CHUNKING"), wrong = checked("220 a\n", "STARTTLS");
  ASSERT_EQ(right.size(), 2u);
  ASSERT_EQ(wrong.size(), 2u);
  for (std::size_t i = 0; i < right.size(); ++i) {
    EXPECT_TRUE(right[i].ok) << right[i].name << right[i].why;
    EXPECT_FALSE(wrong[i].ok) << wrong[i].name << wrong[i].why;
  }
}

TEST(Player, StopsWhereWhatItNeedsIsNotOffered) {
  for (const bool offered : {true, false}) {
    Job job;
    job.steps = {step::Connect{}, step::Ehlo{"a"}, step::Requires{offered ? "STARTTLS" : "CHUNKING"},
                 step::Send{"X\r\n"}, step::Expect{{"500"}, "said"}};
    const Record record = played(
        joined({kGreeting,
                {Hear{"EHLO"}, Say{"250-a\r\n250 STARTTLS\r\n"}, Hear{offered ? "X" : "QUIT"}, Say{"500 no\r\n"}}}),
        job);
    EXPECT_EQ(record.checks.size(), offered ? 1u : 0u);
    EXPECT_EQ(record.endText == "the relay does not offer CHUNKING", !offered) << record.endText;
  }
}

// ---- Steps of octets

TEST(Player, SendsAndExpectsOctets) {
  Job job;
  job.steps = {step::Connect{},
               step::Send{"EHLO a\r\nNOOP\r\n"},
               step::Expect{{"2yz"}, "greets"},
               step::Expect{{"5yz"}, "denies"},
               step::Pause{1},
               step::NoReply{"silent", 20},
               step::Send{"X\r\n"},
               step::Expect{{"500"}, ""},
               step::HalfClose{}};
  const Record record = played(
      joined({kGreeting,
              {Hear{"EHLO a"}, Hear{"NOOP"}, Say{"250 a\r\n250 ok\r\n"}, Hear{"X"}, Say{"500 no\r\n"}, Stall{}}}),
      job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  ASSERT_EQ(record.checks.size(), 3u);
  EXPECT_TRUE(record.checks[0].ok);
  EXPECT_EQ(record.checks[1].name, "denies");
  EXPECT_FALSE(record.checks[1].ok);
  EXPECT_EQ(record.checks[1].why, "the relay answered 250 ok");
  EXPECT_TRUE(record.checks[2].ok);
}

TEST(Player, StopsAtAnUnexpectedReplyWithoutCheck) {
  Job job;
  job.steps = {step::Connect{}, step::Send{"NOOP\r\n"}, step::Expect{{"250"}, ""}, step::Send{"NOOP\r\n"}};
  const Record record = played(joined({kGreeting, {Hear{"NOOP"}, Say{"500 no\r\n"}}}), job);
  EXPECT_EQ(record.end, End::stopped);
  EXPECT_EQ(record.endedAt, Stage::step);
  EXPECT_EQ(code(record.lastReply), 500);
}

TEST(Player, NoticesAReplyThatMustNotCome) {
  for (const std::string said : {"250 executed\r\n", "250-exec", "250-executed\r\n"}) {
    Job job;
    job.steps = {step::Connect{}, step::Send{"x\r\n"}, step::Expect{{"500"}, ""}, step::NoReply{"not-executed", 1}};
    const Record record = played(joined({kGreeting, {Hear{"x"}, Say{"500 no\r\n" + said}, Stall{}}}), job);
    ASSERT_EQ(record.checks.size(), 1u) << record.endText;
    EXPECT_FALSE(record.checks[0].ok);
    EXPECT_THAT(record.checks[0].why, HasSubstr("the relay said \"250"));
  }
}

TEST(Player, InjectsAtStartTls) {
  Job job = certificateJob();
  job.steps = {step::Connect{},
               step::Ehlo{"client.test"},
               step::Send{"STARTTLS\r\nMAIL FROM:<x@y.test>\r\n"},
               step::Expect{{"220"}, ""},
               step::Handshake{},
               step::NoReply{"not-executed", 20},
               step::Ehlo{"client.test"},
               step::Mail{0},
               step::Content{0},
               step::Quit{}};
  const Script rest = joined({kEhlo, kMail, kRcpt, kData, kQuit});
  const Record record = played(joined({kPlainTls, {Hear{"MAIL FROM:<x@y"}, AcceptTls{Ask::required}}, rest}), job);
  EXPECT_EQ(record.end, End::completed) << record.endText << transcript(record);
  ASSERT_EQ(record.checks.size(), 1u);
  EXPECT_TRUE(record.checks[0].ok);
  const Record wrong = played(
      joined({kPlainTls, {Hear{"MAIL FROM:<x@y"}, AcceptTls{Ask::required}, Say{"250 executed\r\n"}}, rest}), job);
  // Where the reply comes late, it is one too many further on.
  EXPECT_TRUE(std::any_of(wrong.checks.begin(), wrong.checks.end(), [](const CheckRecord& one) { return !one.ok; }));
}

// ---- Where there is nowhere to go

TEST(Player, SaysWhatItTried) {
  Job job = plainJob(false);
  Target where;
  where.host = "127.0.0.1";
  {
    Server gone(kGreeting);
    where.port = gone.port();
  }
  Record record = Player(where).play(job);
  EXPECT_EQ(record.end, End::unreachable);
  EXPECT_EQ(record.endText, "cannot connect to 127.0.0.1:" + std::to_string(where.port) + ": Connection refused");

  Server server(joined({kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  job.source = "127.0.0.77";
  record = Player(target(server)).play(job);
  EXPECT_EQ(record.end, End::completed) << record.endText;
  EXPECT_EQ(record.source, "127.0.0.77");
  job.source = "203.0.113.5";
  record = Player(target(server)).play(job);
  EXPECT_EQ(record.end, End::unreachable);
  EXPECT_THAT(record.endText, HasSubstr("cannot bind the client address 203.0.113.5: "));
  job.source = "nonsense";
  EXPECT_THAT(Player(target(server)).play(job).endText, HasSubstr("cannot bind the client address nonsense: "));
}

TEST(Player, CannotFindAHostThatIsNone) {
  Target where;
  where.host = "no host at all";
  const Record record = Player(where).play(plainJob(false));
  EXPECT_EQ(record.end, End::unreachable);
  EXPECT_THAT(record.endText, HasSubstr("cannot find no host at all: "));
}

// ---- Many jobs

TEST(Player, RunsEveryJobOnce) {
  Server server(joined({kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  Player player(target(server));
  const std::vector<Job> jobs(20, plainJob(false));
  std::set<std::size_t> seen;
  const bool all = player.run(
      jobs, 4,
      [&](std::size_t at, Record record) {
        EXPECT_EQ(record.end, End::completed) << record.endText;
        EXPECT_TRUE(seen.insert(at).second);
      },
      [] { return false; });
  EXPECT_TRUE(all);
  EXPECT_EQ(seen.size(), jobs.size());
  EXPECT_TRUE(player.run({}, 4, [](std::size_t, Record) { FAIL(); }, [] { return false; }));
}

TEST(Player, LeavesWhatIsUnfinishedWhenToldToStop) {
  Server server(joined({kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  const std::vector<Job> jobs(50, plainJob(false));
  std::size_t done = 0;
  EXPECT_FALSE(Player(target(server)).run(jobs, 4, [&](std::size_t, Record) { ++done; }, [&] { return done >= 5; }));
  EXPECT_GE(done, 5u);
  EXPECT_LT(done, jobs.size());
  Server stalled({Stall{}});
  int polls = 0;
  EXPECT_FALSE(Player(target(stalled)).run(jobs, 4, [&](std::size_t, Record) {}, [&] { return ++polls > 20; }));
}

TEST(Player, PassesOnWhatTheCallbackThrows) {
  Server server(joined({kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  EXPECT_THROW(
      Player(target(server))
          .run(
              {plainJob(false)}, 1, [](std::size_t, Record) { throw std::runtime_error("no"); }, [] { return false; }),
      std::runtime_error);
}

TEST(Player, SaysTheClientsAddressInTheProxyProtocol) {
  const Server server(
      joined({{Hear{"PROXY TCP4 192.0.2.5 127.0.0.1 50000 "}}, kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  Target where = target(server);
  where.clientAddress = ClientAddress::proxyProtocol;
  Job job = plainJob(false);
  job.source = "192.0.2.5";
  const Record record = Player(where).play(job);
  EXPECT_EQ(record.end, End::completed) << transcript(record) << server.surprises();
  EXPECT_EQ(record.source, "192.0.2.5");
}

TEST(Player, SaysTheClientsAddressByXclient) {
  const Script offer = {Hear{"EHLO "}, Say{"250-relay.test\r\n250 XCLIENT NAME ADDR\r\n"}};
  const Script taken = {Hear{"XCLIENT ADDR=192.0.2.5\r\n"}, Say{"220 anew\r\n"}};
  Job job = plainJob(false);
  job.source = "192.0.2.5";
  const auto play = [&](const std::vector<Script>& parts) {
    const Server server(joined(parts));
    Target where = target(server);
    where.clientAddress = ClientAddress::xclient;
    return Player(where).play(job);
  };
  const Record record = play({kGreeting, offer, taken, kEhlo, kMail, kRcpt, kData, kQuit});
  EXPECT_EQ(record.end, End::completed) << transcript(record);

  const Record unoffered = play({kGreeting, {Hear{"EHLO "}, Say{"250 relay.test\r\n"}}, {Stall{}}});
  EXPECT_EQ(unoffered.end, End::stopped);
  EXPECT_EQ(unoffered.endText, "the relay does not offer us XCLIENT");

  const Record refused = play({kGreeting, offer, {Hear{"XCLIENT "}, Say{"550 5.7.0 not you\r\n"}, Stall{}}});
  EXPECT_EQ(refused.end, End::stopped);
  EXPECT_EQ(refused.endText, "the relay answered 550 not you");
}

TEST(Player, KeepsToARate) {
  const Server server(joined({kGreeting, kEhlo, kMail, kRcpt, kData, kQuit}));
  Target where = target(server);
  where.rate = 20;
  const auto begin = std::chrono::steady_clock::now();
  std::size_t ended = 0;
  Player player(where);
  for (int twice = 0; twice < 2; ++twice)
    player.run(
        std::vector<Job>(3, plainJob(false)), 3, [&](std::size_t, const Record&) { ++ended; }, [] { return false; });
  EXPECT_EQ(ended, 6u);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(250))
      << "five gaps between six sessions";
}

}  // namespace
}  // namespace relayproof::session
