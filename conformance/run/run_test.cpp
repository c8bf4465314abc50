#include "conformance/run/run.h"

#include <gmock/gmock.h>

#include <chrono>
#include <mutex>
#include <set>

#include "conformance/run/test_support.h"

namespace relayproof::run {
namespace {

using result::Class;
using result::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(Run, ARightRelayPasses) {
  run(right, {"relayed", "denied", "mixed"});
  EXPECT_EQ(halted(), "");
  ASSERT_THAT(report_.results, SizeIs(6)) << "controls are judged like cases";
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::pass) << one.id << ": " << one.why;
  EXPECT_EQ(status(), result::kConforms);
  EXPECT_EQ(result("denied").sessions.front().source, kGateway);
  EXPECT_EQ(result("denied").twin, "plain.relayed");
  EXPECT_EQ(report_.target.greeting, "plain.test ESMTP");
  EXPECT_THAT(slept_, IsEmpty());
}

TEST_F(Run, TheReportIsInTheOrderOfTheSelectionWhateverThatOfTheSessionsIs) {
  run(right, {"mixed", "denied", "relayed"});
  std::vector<std::string> ids;
  for (const CaseResult& one : report_.results) ids.push_back(one.id);
  EXPECT_THAT(ids, testing::ElementsAre("plain.nothing", "plain.by-address", "plain.delivery", "plain.mixed",
                                        "plain.denied", "plain.relayed"));
  EXPECT_EQ(finished_[3], "plain.relayed") << "the twin goes first";
}

TEST_F(Run, TheTwinRunsInEveryBatchAndIsJudgedOnceIfSelected) {
  int twins = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        twins += stage == "mail" && talk.from("relayed");
        return right(talk, stage);
      },
      many());
  EXPECT_EQ(twins, 2) << "60 cases are two batches";
  ASSERT_THAT(report_.results, SizeIs(63)) << "a twin that is not selected has no result";
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::pass) << one.id << ": " << one.why;
  EXPECT_THAT(finished_, SizeIs(63));
}

TEST_F(Run, AnOpenRelayEndsTheRunAtOnce) {
  run([](const Talk&, std::string_view stage) { return stage == "connect" ? "220 open" : "250 ok"; }, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay);
  EXPECT_EQ(outcome("nothing"), "fail hole");
  EXPECT_THAT(report_.results, SizeIs(3)) << "the controls and nothing else";
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST_F(Run, AnOpenRelayIsOpenWithoutDataToo) {
  setup_.noData = true;
  setup_.denyStage = "rcpt";
  run([](const Talk&, std::string_view stage) { return stage == "connect" ? "220 open" : "250 ok"; }, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay) << "it was said to deny by RCPT, and did not";
  EXPECT_EQ(outcome("nothing"), "fail hole");
}

TEST_F(Run, AnOpenRelayIsNoticedWhereAPositiveControlFailsBesideIt) {
  run(
      [](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("by-address")) return std::string(kDenial);
        if (stage == "rcpt" && talk.number < 3) return std::string("250 whoever you are");
        return right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay) << "what was accepted once stays accepted";
  EXPECT_EQ(outcome("nothing"), "fail hole");
}

TEST_F(Run, AnOpenRelayBehindAGreylistIsOpen) {
  int asked = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("nothing"))
          return std::string(asked++ == 0 ? "450 4.7.1 greylisted" : "250 ok");
        return right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(outcome("nothing"), "fail hole");
  EXPECT_EQ(halted(), result::kHaltedOpenRelay);
}

TEST_F(Run, ARelayThatOpensDuringTheRunIsOpen) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return talk.number > 4 && stage == "rcpt" ? std::string("250 whoever you are") : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(halted(), result::kHaltedOpenRelay);
  EXPECT_EQ(outcome("nothing"), "fail hole");
  EXPECT_EQ(outcome("denied"), "pass");
  EXPECT_THAT(report_.results, SizeIs(5)) << "no result stands twice";
}

TEST_F(Run, NobodyListens) {
  unsigned short port = 0;
  {
    port = PlainRelay(right).port();
  }
  run(port, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedUnreachable);
  EXPECT_THAT(report_.results, SizeIs(3));
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::inconclusive) << one.id;
  EXPECT_EQ(status(), result::kUnreachable);
  EXPECT_THAT(slept_, IsEmpty()) << "waiting does not help";
}

TEST_F(Run, ARelayThatDeniesEverythingProvesNothing) {
  run([](const Talk& talk,
         std::string_view stage) { return stage == "rcpt" ? std::string(kDenial) : right(talk, stage); },
      {"denied"});
  EXPECT_EQ(halted(), result::kHaltedNoControl);
  EXPECT_THAT(slept_, ElementsAre(1, 3)) << "it was given time";
}

TEST_F(Run, AnAddressThatIsNotOursMakesNoRelayUnreachable) {
  setup_.addresses["gateway"] = "192.0.2.77";
  run([](const Talk& talk,
         std::string_view stage) { return stage == "rcpt" ? std::string(kDenial) : right(talk, stage); },
      {"denied"});
  EXPECT_EQ(outcome("by-address"), "inconclusive") << result("by-address").why;
  EXPECT_EQ(halted(), result::kHaltedNoControl) << "the other controls reached it";
}

TEST_F(Run, AControlThatNeverWorkedDoesNotVoidTheRest) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("delivery") ? "550 5.7.1 no mail for us" : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(halted(), "");
  EXPECT_EQ(outcome("delivery"), "fail refusal");
  EXPECT_EQ(outcome("denied"), "pass");
}

TEST_F(Run, AnInterruptionKeepsWhatHasEnded) {
  surroundings_.stop = [this] { return relay_->sessions() >= 20; };
  run(right, many());
  EXPECT_EQ(halted(), result::kHaltedInterrupted);
  EXPECT_EQ(status(), result::kInterrupted);
  EXPECT_GT(report_.results.size(), 15U);
  EXPECT_LT(report_.results.size(), 25U);
  EXPECT_EQ(outcome("many-0"), "pass") << result("many-0").why;
  EXPECT_THAT(finished_, SizeIs(report_.results.size()));
  EXPECT_THAT(slept_, IsEmpty());
}

TEST_F(Run, AnInterruptionAmongTheFirstControlsLeavesNothing) {
  surroundings_.stop = [this] { return relay_->sessions() >= 2; };
  run(right, {"denied"});
  EXPECT_EQ(halted(), result::kHaltedInterrupted);
  EXPECT_THAT(report_.results, IsEmpty());
}

TEST_F(Run, AnInterruptionAmongTheLastControlsIsOneToo) {
  surroundings_.stop = [this] { return relay_->sessions() >= 6; };  // three controls, two cases, and the first control
  run(right, {"relayed", "denied"});
  EXPECT_EQ(halted(), result::kHaltedInterrupted);
  EXPECT_EQ(outcome("denied"), "pass") << result("denied").why;
  EXPECT_THAT(slept_, IsEmpty()) << "nobody waits who wants to leave";
}

/// Passes a message on as a relay does, and waits until the sink holds it.
void passOn(const session::Sink& sink, const std::string& token) {
  const std::string listen = sink.address();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<unsigned short>(std::stoi(listen.substr(listen.rfind(':') + 1))));
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  for (const std::string& part : {std::string("EHLO relay.test\r\n"), std::string("MAIL FROM:<relayed@small.test>\r\n"),
                                  "RCPT TO:<" + token + "@elsewhere.example>\r\n", std::string("DATA\r\n"),
                                  "Subject: relayproof plain.relayed\r\n\r\nplain.relayed\r\n" + token + "\r\n.\r\n"})
    ASSERT_EQ(send(fd, part.data(), part.size(), MSG_NOSIGNAL), static_cast<ssize_t>(part.size()));
  for (int tries = 0; tries < 1000 && sink.find(token).empty(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  close(fd);
  ASSERT_THAT(sink.find(token), SizeIs(1));
}

TEST_F(Run, OfMailThatComesLateNobodyIsToldBeforeTheLastLook) {
  constexpr double kSettle = 0.5;
  session::Sink sink("127.0.0.1:0");
  surroundings_.nextHop = &sink;
  setup_.settle = kSettle;
  std::vector<CaseResult> told;
  surroundings_.finished = [&](const CaseResult& one) {
    if (one.id == "plain.relayed") told.push_back(one);
  };
  std::mutex mutex;
  std::set<std::string> tokens;
  surroundings_.sleep = [&](double seconds) {
    clock_ += seconds;
    if (seconds != kSettle) return;
    EXPECT_THAT(told, IsEmpty());
    const std::lock_guard lock(mutex);
    for (const std::string& token : tokens) passOn(sink, token);
  };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (talk.from("relayed") && stage == "rcpt") {
          const std::lock_guard lock(mutex);
          tokens.insert(talk.recipients.back().substr(0, talk.recipients.back().find('@')));
        }
        return right(talk, stage);
      },
      {"relayed"});
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].outcome, Outcome::pass) << told[0].why;
  EXPECT_EQ(outcome("relayed"), "pass");
  EXPECT_THAT(told[0].sessions, SizeIs(1));
  EXPECT_TRUE(report_.passingOnSeen);
}

TEST_F(Run, MailThatNeverComesIsLost) {
  session::Sink sink("127.0.0.1:0");
  surroundings_.nextHop = &sink;
  setup_.settle = 0.1;
  std::vector<CaseResult> told;
  surroundings_.finished = [&](const CaseResult& one) {
    if (one.id == "plain.relayed") told.push_back(one);
  };
  run(right, {"relayed"});
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].failure, Class::protocol) << told[0].why;
}

TEST_F(Run, TheFirstFailureEndsTheRunIfAsked) {
  const auto hole = [](const Talk& talk, std::string_view stage) {
    return stage == "rcpt" && talk.from("many-3") ? "250 come in" : right(talk, stage);
  };
  run(hole, many(), true);
  EXPECT_EQ(halted(), kFailFast);
  EXPECT_EQ(outcome("many-3"), "fail hole");
  EXPECT_LT(report_.results.size(), 60U);
  run(hole, many(), false);
  EXPECT_EQ(halted(), "");
  EXPECT_THAT(report_.results, SizeIs(63));
}

}  // namespace
}  // namespace relayproof::run
