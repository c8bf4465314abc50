// Relays that crash: what their log tells, what their health says, and runs that go on.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "conformance/run/relay_log.h"
#include "conformance/run/test_support.h"

namespace relayproof::run {
namespace {

using result::Class;
using result::Outcome;
using test::kGone;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kPanic = "panic: runtime error: index out of range [3] with length 3";

TEST_F(Run, ACrashInTheLogFailsTheCaseThatShowsItAlone) {
  std::string log;
  surroundings_.newLog = [&] { return std::exchange(log, ""); };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("denied")) log += std::string(kPanic) + "\n";
        return right(talk, stage);
      },
      {"relayed", "denied", "mixed"});
  EXPECT_EQ(outcome("denied"), "fail robustness");
  EXPECT_THAT(result("denied").why, HasSubstr(kPanic));
  EXPECT_THAT(result("denied").relayLog, Contains(kPanic));
  EXPECT_EQ(outcome("relayed"), "pass");
  EXPECT_EQ(outcome("mixed"), "pass");
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST_F(Run, AHoleThatWasSeenWhereTheRelayCrashedIsNotForgotten) {
  std::string log;
  bool once = true;
  surroundings_.newLog = [&] { return std::exchange(log, ""); };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("mixed")) log += std::string(kPanic) + "\n";
        if (stage == "rcpt" && talk.from("denied") && std::exchange(once, false))
          return std::string("250 2.1.5 relayed");
        return right(talk, stage);
      },
      {"relayed", "denied", "mixed"});
  EXPECT_EQ(outcome("mixed"), "fail robustness");
  EXPECT_EQ(outcome("denied"), "fail hole") << result("denied").why;
  EXPECT_THAT(result("denied").sessions, SizeIs(2));
}

TEST_F(Run, ACrashWhereABatchIsPlayedOnceMoreIsFoundToo) {
  std::string log;
  int controls = 0, played = 0;
  surroundings_.newLog = [&] { return std::exchange(log, ""); };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("by-address") && ++controls == 2) return std::string("451 4.3.0 not now");
        if (stage == "rcpt" && talk.from("denied") && ++played > 1) log += std::string(kPanic) + "\n";
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("relayed"), "pass") << result("relayed").why;
  EXPECT_EQ(outcome("denied"), "fail robustness") << result("denied").why;
}

TEST_F(Run, ACrashThatNoCaseShowsAloneIsAFailureOfItsOwn) {
  std::string log;
  bool once = true;
  surroundings_.newLog = [&] { return std::exchange(log, ""); };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("denied") && std::exchange(once, false))
          log += "==7==ERROR: AddressSanitizer: x\n";
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("denied"), "pass");
  ASSERT_EQ(report_.results.back().id, "relay.crash-1");
  EXPECT_THAT(report_.results.back().why, HasSubstr("plain.relayed to plain.denied"));
  EXPECT_EQ(finished_.back(), "plain.denied") << "told of before the batch is judged";
  EXPECT_THAT(finished_, Contains("relay.crash-1"));
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST_F(Run, LinesOfTheLogGoToTheCaseWhoseTokenTheyHold) {
  std::string log;
  surroundings_.newLog = [&] { return std::exchange(log, ""); };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt") log += "to " + talk.recipients.back() + "\nTraceback: caught\n";
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_THAT(result("denied").relayLog, ElementsAre(HasSubstr(result("denied").token)));
  EXPECT_EQ(status(), result::kConforms);
}

TEST_F(Run, ARelayThatIsNotWellIsFoundOutCaseByCase) {
  bool well = true;
  surroundings_.healthy = [&] { return well; };
  surroundings_.restart = [&] { return well = true; };
  run(
      [&](const Talk& talk, std::string_view stage) {
        if (stage == "mail" && talk.from("denied")) {
          well = false;
          return std::string();
        }
        return right(talk, stage);
      },
      {"relayed", "denied", "mixed"});
  EXPECT_EQ(halted(), "");
  EXPECT_EQ(outcome("denied"), "fail robustness");
  EXPECT_EQ(outcome("relayed"), "pass");
  EXPECT_EQ(outcome("mixed"), "pass") << result("mixed").why;
}

TEST_F(Run, ARelayThatCrashesIsRestartedAndTheRunGoesOn) {
  const test::Answers answers = [](const Talk& talk, std::string_view stage) {
    return stage == "mail" && talk.from("many-7") ? kGone : right(talk, stage);
  };
  auto relay = std::make_unique<PlainRelay>(answers);
  const unsigned short port = relay->port();
  int restarts = 0;
  surroundings_.restart = [&] {
    ++restarts;
    relay.reset();
    relay = std::make_unique<PlainRelay>(answers, port);
    return true;
  };
  run(port, many());
  EXPECT_EQ(halted(), "");
  EXPECT_THAT(report_.results, SizeIs(63));
  for (const CaseResult& one : report_.results)
    EXPECT_EQ(one.outcome, one.id == "plain.many-7" ? Outcome::fail : Outcome::pass) << one.id << ": " << one.why;
  EXPECT_EQ(outcome("many-7"), "fail robustness");
  EXPECT_EQ(restarts, 2) << "after the batch, and after the case alone";
}

TEST_F(Run, WhereTheRestartFailsTheRunEnds) {
  surroundings_.restart = [] { return false; };
  run([](const Talk& talk,
         std::string_view stage) { return talk.from("denied") && stage == "mail" ? kGone : right(talk, stage); },
      {"relayed", "denied"});
  EXPECT_EQ(halted(), result::kHaltedWentAway);
  EXPECT_EQ(outcome("denied"), "fail robustness");
}

TEST_F(Run, ARelayThatGreetsNobodyAnyMoreIsAFailureAndEndsTheRun) {
  setup_.timeout = 1;
  jobs_ = 16;
  run([](const Talk& talk,
         std::string_view stage) { return talk.number > 12 && stage == "connect" ? test::kMute : right(talk, stage); },
      many());
  EXPECT_EQ(halted(), result::kHaltedWentAway);
  EXPECT_EQ(report_.results.back().id, "relay.crash-1");
  EXPECT_THAT(report_.results.back().why, HasSubstr("it takes connections and greets nobody; it was while plain."));
  EXPECT_LT(report_.results.size(), 60U) << "the second batch is not played";
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST_F(Run, ARelayThatIsNotWellIsAFailureThoughNobodySawItHappen) {
  bool well = true;
  surroundings_.healthy = [&] { return well; };
  run(
      [&](const Talk& talk, std::string_view stage) {
        well = well && !(stage == "mail" && talk.from("denied"));
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(report_.results.back().id, "relay.crash-1");
  EXPECT_THAT(report_.results.back().why, HasSubstr("is not well; it was while plain.relayed to plain.denied"));
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST_F(Run, ARelayThatIsGoneIsAFailureThoughNobodySawItGo) {
  run(
      [&](const Talk& talk, std::string_view stage) {
        const bool last = stage == "mail" && talk.from("denied");
        return (last ? test::kLast : "") + right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(report_.results.back().id, "relay.crash-1");
  EXPECT_EQ(report_.halted, result::kHaltedWentAway);
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST(RelayLog, KnowsACrashFromAnErrorThatWasCaught) {
  for (const char* line :
       {"==1==ERROR: AddressSanitizer: heap-use-after-free", "x.c:3:5: runtime error: signed integer overflow", kPanic,
        "thread 'main' panicked at src/x.rs:1:2", "fatal error: all goroutines are asleep",
        "Segmentation fault (core dumped)", "relay[7]: segfault at 0 ip 0", "# SIGSEGV (0xb) at pc=0x1",
        "terminate called after throwing", "free(): invalid pointer", "double free or corruption (fasttop)",
        "relay.service: Main process exited, code=dumped, status=11/SEGV"})
    EXPECT_TRUE(tellsOfCrash(line)) << line;
  for (const char* line :
       {"550 5.7.64 denied", "Traceback (most recent call last):", "Exception in thread", "error: TLS alert"})
    EXPECT_FALSE(tellsOfCrash(line)) << line;
}

TEST(RelayLog, YieldsWholeNewLinesAndSurvivesRotation) {
  const std::string path = std::filesystem::temp_directory_path() / ("relayproof-log-" + std::to_string(getpid()));
  const auto append = [&](const char* text) { std::ofstream(path, std::ios::app) << text; };
  append("before\n");
  LogFile log(path);
  EXPECT_EQ(log.grown(), "");
  append("one\ntw");
  EXPECT_EQ(log.grown(), "one\n");
  append("o\n");
  EXPECT_EQ(log.grown(), "two\n");
  std::filesystem::remove(path);
  EXPECT_EQ(log.grown(), "");
  append("anew\n");
  EXPECT_EQ(log.grown(), "anew\n");
  std::filesystem::remove(path);
  EXPECT_THAT(logLines("a\r\n\n\x1b b"), ElementsAre("a", "\\x1B b"));
}

}  // namespace
}  // namespace relayproof::run
