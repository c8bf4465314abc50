// What one session leaves open is looked at twice: throttling, deferrals, denied twins, recipients denied as one.
#include <gmock/gmock.h>

#include "conformance/run/test_support.h"
#include "conformance/session/sink.h"

namespace relayproof::run {
namespace {

using result::Outcome;
using test::kGone;
using testing::HasSubstr;
using testing::SizeIs;

/// Replies in which relays say that they have had enough; some read like a denial.
class Throttling : public Run, public testing::WithParamInterface<std::pair<const char*, const char*>> {
 protected:
  test::Answers from(int first, int last) const {
    return [first, last](const Talk& talk, std::string_view stage) {
      const auto [where, reply] = GetParam();
      return talk.number >= first && talk.number <= last && stage == where ? std::string(reply) : right(talk, stage);
    };
  }
};

TEST_P(Throttling, ForGoodIsNoDenialAndNoFailure) {
  run(from(20, 1 << 30), many());
  int passed = 0;
  for (const CaseResult& one : report_.results) {
    if (one.id.starts_with("plain.many")) {
      EXPECT_EQ(one.outcome, Outcome::inconclusive) << one.id << ": " << one.why;
    }
    passed += one.outcome == Outcome::pass;
  }
  EXPECT_EQ(passed, 3) << "the controls of the beginning";
  EXPECT_THAT(report_.results, SizeIs(63));
  EXPECT_EQ(status(), result::kNotJudged);
}

TEST_P(Throttling, ForAWhileIsWaitedFor) {
  run(from(20, 53), many());
  for (const CaseResult& one : report_.results) EXPECT_EQ(one.outcome, Outcome::pass) << one.id << ": " << one.why;
  EXPECT_THAT(slept_, testing::Contains(1));
}

INSTANTIATE_TEST_SUITE_P(Replies, Throttling,
                         testing::Values(std::pair("connect", "421 4.7.0 too many connections"),
                                         std::pair("connect", "554 5.7.1 blocked"), std::pair("connect", ""),
                                         std::pair("mail", "450 4.7.1 slow down"),
                                         std::pair("mail", "421 4.7.0 slow down"),
                                         std::pair("rcpt", "550 5.7.1 too much mail from you"),
                                         std::pair("end-of-data", "452 4.3.1 no space")));

TEST_F(Run, AHoleSeenBeforeTheRelayThrottledStaysAHole) {
  run(
      [](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("denied") && talk.number < 6) return std::string("250 come in");
        if (stage == "connect" && talk.number > 5 && talk.number < 9) return std::string("421 4.7.0 too many");
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("denied"), "fail hole") << result("denied").why;
}

TEST_F(Run, ARelayThatGoesAwayFailsTheCaseThatSawItAndJudgesNobodyElse) {
  run([](const Talk& talk,
         std::string_view stage) { return talk.number == 20 && stage == "mail" ? kGone : right(talk, stage); },
      many());
  EXPECT_EQ(halted(), result::kHaltedWentAway);
  EXPECT_LT(report_.results.size(), 60U) << "the second batch is not played";
  int judged = 0, failed = 0;
  for (const CaseResult& one : report_.results) {
    if (!one.id.starts_with("plain.many")) continue;
    ++judged;
    failed += one.outcome == Outcome::fail && one.failure == result::Class::robustness;
    EXPECT_TRUE(one.outcome == Outcome::inconclusive || one.outcome == Outcome::fail) << one.id << ": " << one.why;
  }
  EXPECT_GT(judged, 16);
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(status(), result::kDoesNotConform);
}

TEST_F(Run, ADeferralIsTriedAgain) {
  int asked = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("denied") && asked++ == 0 ? "450 4.7.1 greylisted" : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("denied"), "pass");
  EXPECT_THAT(result("denied").sessions, SizeIs(2));
  EXPECT_EQ(result("denied").sessions.front().transactions.front().recipients.front().observed.verdict, "defer");
}

TEST_F(Run, TheControlsOfAWaveVouchForWhatEndedBeforeThem) {
  int sessions = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        sessions += stage == "connect";
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(sessions, 3 + 2 + 3);
  EXPECT_EQ(outcome("denied"), "pass");
}

TEST_F(Run, WhateverOutlastsTheControlsOfItsWaveIsVouchedForByOthers) {
  jobs_ = 2;
  std::atomic<int> sessions = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        sessions += stage == "connect";
        // Until all others of the wave have gone, and the controls with them.
        for (int tries = 0; talk.from("denied") && stage == "rcpt" && relay_->ended() < 3 + 1 + 3; ++tries) {
          if (tries == 1000) return std::string("451 4.3.0 the others do not end");
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(sessions, 3 + 2 + 3 + 3);
  EXPECT_EQ(outcome("denied"), "pass");
}

TEST_F(Run, AnErrorOfSyntaxIsADenialByAnotherCodeWhereTheTwinSaysTheSame) {
  run(
      [](const Talk& talk, std::string_view stage) {
        const std::string said = right(talk, stage);
        return said.starts_with("550") && !talk.from("nothing") ? std::string("501 5.5.2 what?") : said;
      },
      {"relayed", "denied", "stranger"});
  EXPECT_EQ(outcome("stranger"), "fail reply") << result("stranger").why;
  EXPECT_EQ(outcome("denied"), "inconclusive") << "its sender is another one";
}

TEST_F(Run, ARelayNeedNotStartTlsBeforeInjectedOctets) {
  run(right, {"injected"});
  EXPECT_EQ(outcome("injected"), "skip") << result("injected").why;
}

TEST_F(Run, TwoDeferralsAreNoDecision) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("denied") ? "450 4.7.1 no" : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("denied"), "fail reply");
  EXPECT_EQ(outcome("relayed"), "pass");
}

TEST_F(Run, ATwinThatWasAcceptedAtTheSecondTryVouches) {
  int asked = 0;
  run(
      [&](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("relayed") && asked++ == 0 ? "450 4.7.1 greylisted" : right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(outcome("denied"), "pass") << result("denied").why;
}

TEST_F(Run, ADenialBesideADeniedTwinProvesNothing) {
  run(
      [](const Talk& talk, std::string_view stage) {
        return stage == "rcpt" && talk.from("relayed") ? std::string(kDenial) : right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(outcome("relayed"), "fail refusal");
  EXPECT_EQ(outcome("denied"), "inconclusive");
  EXPECT_THAT(result("denied").why, HasSubstr("twin was not accepted"));
}

TEST_F(Run, AHoleBesideADeniedTwinIsAHole) {
  run(
      [](const Talk& talk, std::string_view stage) {
        if (stage == "rcpt" && talk.from("relayed")) return std::string(kDenial);
        return stage == "rcpt" && talk.from("denied") ? std::string("250 come in") : right(talk, stage);
      },
      {"denied"});
  EXPECT_EQ(outcome("denied"), "fail hole");
}

/// One refusal for two recipients at end of data; `alone` is what the relay says to the one that it has to accept.
class Mixed : public Run {
 protected:
  void runWith(const std::string& alone) {
    run(
        [&](const Talk& talk, std::string_view stage) {
          if (!talk.from("mixed") || stage == "connect") return right(talk, stage);
          if (stage != "end-of-data") return std::string("250 ok");
          return talk.recipients.size() == 1 ? alone : std::string(kDenial);
        },
        {"relayed", "mixed"});
  }
};

TEST_F(Mixed, DeniedAsOneIsRightWhereOneAloneIsAccepted) {
  runWith("250 2.0.0 ok");
  EXPECT_EQ(outcome("mixed"), "pass") << result("mixed").why;
  EXPECT_THAT(result("mixed").sessions, SizeIs(1)) << "the other session is no retry of this case";
}

TEST_F(Mixed, DeniedAloneAsWellIsARefusal) {
  runWith(std::string(kDenial));
  EXPECT_EQ(outcome("mixed"), "fail refusal") << result("mixed").why;
}

TEST_F(Mixed, DeferredAloneIsNoDenial) {
  for (const char* reply : {"421 4.7.0 too many", "450 4.7.1 slow down", ""}) {
    runWith(reply);
    EXPECT_EQ(outcome("mixed"), "inconclusive") << reply << ": " << result("mixed").why;
  }
}

TEST_F(Run, MailOnItsWayWhereTheRunIsInterruptedIsNotCalledLost) {
  session::Sink sink("127.0.0.1:0");
  surroundings_.nextHop = &sink;
  bool interrupted = false;
  surroundings_.stop = [&] { return interrupted; };
  setup_.settle = 0.5;
  run(
      [&](const Talk& talk, std::string_view stage) {
        interrupted = interrupted || talk.from("denied");
        return right(talk, stage);
      },
      {"relayed", "denied"});
  EXPECT_EQ(halted(), result::kHaltedInterrupted);
  EXPECT_EQ(outcome("relayed"), "pass") << result("relayed").why;
  EXPECT_EQ(finished_.back(), "plain.relayed");
}

}  // namespace
}  // namespace relayproof::run
