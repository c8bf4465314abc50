#include "conformance/result/judge.h"

#include <gmock/gmock.h>

#include "conformance/result/judge_test_support.h"

namespace relayproof::result::judging {
namespace {

using testing::HasSubstr;

struct JudgedRow {
  std::vector<std::string> expected;
  Observed observed;
  std::string outcome;
};

void PrintTo(const JudgedRow& row, std::ostream* out) {
  for (const std::string& verdict : row.expected) *out << verdict << ' ';
  *out << "| " << row.observed.verdict << ' ' << row.observed.stage << ' ' << row.observed.code << ' '
       << row.observed.enhanced << ' ' << row.observed.passedOn.value_or("unwatched");
}

const JudgedRow kJudged[] = {
    // What is right against what was answered.
    {kRelay, accepts(), "pass"},
    {kRelay, denies(), "fail refusal"},
    {kDeny, accepts(), "fail hole"},
    {kDeny, denies(), "pass"},
    {kDenyTls, accepts(), "fail hole"},
    {kDenyTls, denies(), "pass"},
    {kDeliverTls, accepts(), "pass"},
    {kDeliverTls, denies(), "fail refusal"},
    {kEither, accepts(), "observed"},
    {kEither, denies(), "observed"},
    {kAll, accepts(), "observed"},
    {kAll, denies(), "observed"},
    // A denial at every stage where one may stand, and with every code that is one.
    {kDeny, seen("deny", "mail", 530, "5.7.0"), "pass"},
    {kDeny, seen("deny", "rcpt", 554, "5.7.1"), "pass"},
    {kDeny, seen("deny", "data", 553), "pass"},
    {kDeny, seen("deny", "end-of-data", 550), "pass"},
    // Codes of another meaning: no denial, and nothing about relaying.
    {kDeny, seen("deny", "rcpt", 501), "inconclusive"},
    {kDeny, seen("deny", "rcpt", 503, "5.5.1"), "inconclusive"},
    {kDeny, seen("deny", "rcpt", 552, "5.7.0"), "inconclusive"},
    {kDeny, seen("deny", "rcpt", 550, "5.1.1"), "inconclusive"},
    {kRelay, seen("deny", "rcpt", 553, "5.1.3"), "inconclusive"},
    // Refusals that nobody can read as a denial.
    {kDeny, seen("deny", "rcpt", 550, "5.4.1"), "fail reply"},
    {kDeny, seen("deny", "rcpt", 551), "fail reply"},
    {kDeny, seen("deny", "rcpt", 535, "5.7.8"), "fail reply"},
    {kRelay, seen("deny", "rcpt", 551), "fail refusal"},
    {kRelay, seen("deny", "rcpt", 503, "5.5.1"), "fail refusal"},
    // A 4yz in a single session is to be tried again; 421 and what comes before mail never tell.
    {kDeny, seen("defer", "rcpt", 450), "inconclusive"},
    {kRelay, seen("defer", "rcpt", 421), "inconclusive"},
    {kRelay, seen("defer", "starttls", 454), "inconclusive"},
    // A crash, a hang, garbage, an end before the question: never a denial.
    {kDeny, seen("drop", "rcpt"), "fail robustness"},
    {kDeny, seen("timeout", "end-of-data"), "fail robustness"},
    {kDeny, seen("protocol-error", "rcpt"), "fail protocol"},
    {kRelay, seen("drop", "mail"), "fail robustness"},
    // What the sinks saw.
    {kRelay, accepts("next-hop"), "pass"},
    {kDeliver, accepts("local-hop"), "pass"},
    {kRelay, accepts("local-hop"), "fail protocol"},
    {kDeliver, accepts("next-hop"), "fail protocol"},
    {kRelay, accepts("none"), "fail protocol"},
    {kRelay, accepts("twice"), "fail protocol"},
    {kRelay, accepts("late-denial"), "fail refusal"},
    {kDeny, accepts("next-hop"), "fail hole"},
    {kDeny, accepts("none"), "fail hole"},
    {kDeny, accepts("late-denial"), "fail reply"},
    {kDeny, seen("deny", "rcpt", 550, "5.7.64", "none"), "pass"},
    {kDeny, seen("deny", "rcpt", 550, "5.7.64", "next-hop"), "fail hole"},
    {kRelay, seen("deny", "rcpt", 550, "5.7.64", "next-hop"), "fail hole"},
    {kDeny, seen("drop", "end-of-data", 0, "", "next-hop"), "fail hole"},
    {kDeny, seen("defer", "end-of-data", 451, "", "next-hop"), "fail hole"},
    {kRelay, seen("drop", "end-of-data", 0, "", "next-hop"), "fail robustness"},
    {kEither, accepts("none"), "fail protocol"},
    // No expectation is a fault of the harness, not of the relay.
    {{}, accepts(), "error"},
};

class Judged : public testing::TestWithParam<JudgedRow> {};

TEST_P(Judged, AsTheTableSays) {
  const JudgedRow& row = GetParam();
  EXPECT_EQ(judgedAs(caseOf({watched({recipient(row.expected, row.observed)})})), row.outcome);
}

INSTANTIATE_TEST_SUITE_P(Table, Judged, testing::ValuesIn(kJudged));

TEST(Judge, SaysWhatHappenedInOneLine) {
  CaseResult result = caseOf({watched({recipient(kDeny, accepts("next-hop"), "a1b2@elsewhere.example")})});
  judge(result, fair());
  EXPECT_EQ(result.why,
            "accepted at end of data what must be denied: relayed to a1b2@elsewhere.example; "
            "certificate names.dns.nul-suffix");
  EXPECT_EQ(result.likely, result.purpose);
}

TEST(Judge, OnlyAFailHasALikelyMistake) {
  CaseResult result = caseOf({session({recipient(kDeny, denies())})});
  result.likely = "left over";
  judge(result, fair());
  EXPECT_EQ(words(result), "pass");
  EXPECT_EQ(result.likely, std::nullopt);
}

struct CircumstanceRow {
  std::string what;
  void (*change)(Circumstances&);
  std::string denied, accepted, wrongCode;  // of a case that must be denied
};

const CircumstanceRow kCircumstances[] = {
    {"fair", [](Circumstances&) {}, "pass", "fail hole", "fail reply"},
    {"twin refused", [](Circumstances& c) { c.twinAccepted = false; }, "inconclusive", "fail hole", "inconclusive"},
    {"twin not run", [](Circumstances& c) { c.twinAccepted.reset(); }, "inconclusive", "fail hole", "inconclusive"},
    {"no twin needed",
     [](Circumstances& c) {
       c.twinNeeded = false;
       c.twinAccepted.reset();
     },
     "pass", "fail hole", "fail reply"},
    {"controls failed", [](Circumstances& c) { c.controlsHeld = false; }, "inconclusive", "fail hole", "inconclusive"},
    {"certificate never asked for", [](Circumstances& c) { c.relayAsksForCertificate = false; }, "inconclusive",
     "inconclusive", "inconclusive"},
};

TEST(Judge, ARelayWithoutTls13IsAskedNothingInIt) {
  Session unspoken = session({recipient(kDeny, seen("not-reached", "tls"))});
  unspoken.tlsOutcome = "none";
  Circumstances circumstances = fair();
  EXPECT_EQ(judgedAs(caseOf({unspoken}), circumstances), "inconclusive") << "it may speak it, and be broken";
  circumstances.tlsNotSpoken = true;
  EXPECT_EQ(judgedAs(caseOf({unspoken}), circumstances), "skip");
  EXPECT_EQ(judgedAs(caseOf({session({recipient(kDeny, accepts())})}), circumstances), "fail hole")
      << "what was seen counts";
}

TEST(Judge, WhatStandsBesideTheSession) {
  for (const CircumstanceRow& row : kCircumstances) {
    SCOPED_TRACE(row.what);
    Circumstances circumstances = fair();
    row.change(circumstances);
    EXPECT_EQ(judgedAs(caseOf({session({recipient(kDeny, denies())})}), circumstances), row.denied);
    EXPECT_EQ(judgedAs(caseOf({session({recipient(kDeny, accepts())})}), circumstances), row.accepted);
    EXPECT_EQ(judgedAs(caseOf({session({recipient(kDeny, seen("deny", "rcpt", 551))})}), circumstances), row.wrongCode);
  }
}

TEST(Judge, ThrottlingIsNoRefusalAndNoCrash) {
  Circumstances circumstances = fair();
  circumstances.controlsHeld = false;
  EXPECT_EQ(judgedAs(caseOf({session({recipient(kRelay, denies())})}), circumstances), "inconclusive");
  EXPECT_EQ(judgedAs(caseOf({session({recipient(kRelay, seen("drop", "rcpt"))})}), circumstances), "inconclusive");
}

TEST(Judge, TheCertificateHasToArrive) {
  const auto with = [](void (*change)(Session&), const Circumstances& circumstances = fair()) {
    Session one = session({recipient(kDeny, accepts())});
    change(one);
    return judgedAs(caseOf({one}), circumstances);
  };
  EXPECT_EQ(with([](Session& s) { s.chainArrived = false; }), "error");
  EXPECT_EQ(with([](Session& s) { s.resumed = true; }), "error");
  EXPECT_EQ(with([](Session& s) {
              s.certificateRequested = false;
              s.chainArrived = false;
            }),
            "inconclusive");
  Circumstances resumes = fair();
  resumes.mayResume = true;
  EXPECT_EQ(with([](Session& s) { s.resumed = true; }, resumes), "fail hole");
  EXPECT_EQ(with(
                [](Session& s) {
                  s.resumed = true;
                  s.chainArrived = s.certificateRequested = false;  // as nothing of it is sent
                },
                resumes),
            "fail hole");
  Circumstances renegotiates = fair();
  renegotiates.renegotiates = true;
  EXPECT_EQ(with([](Session& s) { s.certificateRequested = false; }, renegotiates), "skip");
  EXPECT_EQ(with([](Session&) {}, renegotiates), "fail hole");
}

TEST(Judge, ARefusedRenegotiationNeedsNoCertificateToHaveArrived) {
  Session one = session({recipient({"deny", "refuse-tls"}, seen("refuse-tls", "tls"))});
  one.tlsOutcome = "refused";
  one.alert = "no_renegotiation";
  one.chainArrived = one.certificateRequested = false;
  Circumstances renegotiates = fair();
  renegotiates.renegotiates = renegotiates.presentsCertificate = true;
  EXPECT_EQ(judgedAs(caseOf({one}), renegotiates), "pass");
}

TEST(Judge, AHandshakeThatOurSideBrokeIsAnError) {
  Session one = session({recipient(kDeny, seen("protocol-error", "tls"))});
  one.tlsOutcome = "none";
  one.chainArrived = false;
  one.end = {"protocol-error", "tls", "no key for this certificate"};
  EXPECT_EQ(judgedAs(caseOf({one})), "error");
  one.chainArrived = true;
  EXPECT_EQ(judgedAs(caseOf({one})), "fail protocol");
}

TEST(Judge, TheLastSessionCountsAndAHoleInAny) {
  const Session deferredOnce = session({recipient(kDeny, seen("defer", "rcpt", 451))});
  const Session denied = session({recipient(kDeny, denies())});
  EXPECT_TRUE(asksForRetry(deferredOnce));
  EXPECT_FALSE(asksForRetry(denied));
  EXPECT_FALSE(asksForRetry(session({recipient(kDeny, seen("defer", "rcpt", 421))})));
  EXPECT_EQ(judgedAs(caseOf({deferredOnce, denied})), "pass");
  EXPECT_EQ(judgedAs(caseOf({deferredOnce, deferredOnce})), "fail reply");

  const Session holeThenDeferred =
      session({recipient(kDeny, accepts()), recipient(kDeny, seen("defer", "rcpt", 451), "b@elsewhere.example")});
  EXPECT_EQ(judgedAs(caseOf({holeThenDeferred, denied})), "fail hole");
}

TEST(Judge, StraysAreAHole) {
  Session one = watched({recipient(kDeliver, accepts("none"))});
  one.strays = {"user@elsewhere.example"};
  EXPECT_EQ(judgedAs(caseOf({one})), "fail hole");
}

TEST(Judge, WhoeverDoesNotStartTlsBeforeInjectedOctetsExecutesNone) {
  Session one = watched({recipient(kRelay, seen("not-reached", "step", 501, "5.5.4"))});
  one.tlsOutcome = "none";
  one.end = {"stopped", "step", "the relay answered 501 5.5.4 No parameters"};
  Circumstances injecting = fair();
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "inconclusive");
  injecting.injects = true;
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "skip");
  one.transactions[0].recipients[0].observed = seen("drop", "tls", 0);
  one.end = {"dropped", "tls", "the relay closed the connection"};
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "skip") << "TLS takes such octets for no record";
  one.tlsOutcome = "refused";
  one.alert = "unexpected_message";
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "skip");
  one.strays = {"injected@elsewhere.example"};
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "fail hole");
  one.strays.clear();
  one.end.how = "timeout";
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "fail robustness");
  one.end = {"dropped", "ehlo", "the relay closed the connection"};
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "fail robustness") << "nothing was injected yet";
  one.tlsOutcome = "none";
  one.alert.reset();
  one.transactions[0].recipients[0].observed = seen("protocol-error", "tls", 0);
  one.end = {"protocol-error", "tls", "wrong version number"};
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "fail protocol") << "it may have answered what was injected";
  one.transactions[0].recipients[0].observed = seen("drop", "tls", 0);
  one.end = {"dropped", "tls", "the relay closed the connection"};
  injecting.wentAway = true;
  EXPECT_EQ(judgedAs(caseOf({one}), injecting), "fail robustness");
}

TEST(Judge, WhoeverTurnsAwayWhoTalksOutOfTurnIsNotJudged) {
  Session one = watched({recipient({"deny"}, seen("not-reached", "connect", 554))});
  Circumstances early = fair();
  early.talksEarly = true;
  for (const Ending& end : {Ending{"stopped", "connect", "554"}, {"dropped", "ehlo", "closed"}}) {
    one.end = end;
    EXPECT_EQ(judgedAs(caseOf({one}), early), "skip");
  }
  EXPECT_EQ(judgedAs(caseOf({one}), fair()), "fail robustness");
  one.end.how = "timeout";
  EXPECT_EQ(judgedAs(caseOf({one}), early), "fail robustness");
  one.end = {"dropped", "rcpt", "closed"};
  EXPECT_EQ(judgedAs(caseOf({one}), early), "fail robustness") << "that is no matter of the first octets";
  one.end = {"dropped", "step", "closed"};
  one.transactions[0].recipients[0].observed = seen("accept", "end-of-data", 250);
  EXPECT_EQ(judgedAs(caseOf({one}), early), "fail hole");
}

TEST(Judge, ABodyIsPassedOnWhole) {
  Session one = watched({recipient(kRelay, accepts("next-hop"))});
  one.lostLines = {"last line"};
  CaseResult result = caseOf({one});
  judge(result, fair());
  EXPECT_EQ(words(result), "fail protocol");
  EXPECT_EQ(result.why, "passed on without its line \"last line\"");
  one.transactions.push_back({"rp-1@foreign.example", {}, true});
  EXPECT_EQ(judgedAs(caseOf({one})), "pass") << "one that holds another message may be mended";
}

TEST(Judge, BareLineEndsAreNotToBePassedOn) {
  Session one = watched({recipient(kRelay, accepts("next-hop"))});
  one.bareLineEnds = {"line\\n.\\nMAIL"};
  EXPECT_EQ(judgedAs(caseOf({one})), "pass") << "we sent none: the relay's own headers";
  one.transactions.push_back({"rp-1@foreign.example", {}, true});
  CaseResult result = caseOf({one});
  judge(result, fair());
  EXPECT_EQ(words(result), "fail protocol");
  EXPECT_EQ(result.why, "passed on with bare line ends or NUL, as in \"line\\n.\\nMAIL\"");
}

TEST(Judge, ACertificateWhoseAlgorithmTheRelayNamesNot) {
  Circumstances circumstances = fair();
  Session one = session({recipient(kDeny, denies())});
  one.chainArrived = false;
  one.withheld = true;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "error");
  circumstances.oddSignature = true;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "skip");
  one.withheld = false;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "error");
}

TEST(Judge, WhatAnExtensionIsNeededForThatTheRelayDoesNotOffer) {
  const auto judged = [](const Recipient& one, Circumstances circumstances) {
    circumstances.notOffered = "CHUNKING";
    return judgedAs(caseOf({session({one})}), circumstances);
  };
  const Recipient unknown = recipient(kRelay, seen("deny", "end-of-data", 500));
  EXPECT_EQ(judgedAs(caseOf({session({unknown})}), fair()), "inconclusive");
  EXPECT_EQ(judged(unknown, fair()), "skip");
  Circumstances throttled = fair();
  throttled.controlsHeld = false;
  EXPECT_EQ(judged(unknown, throttled), "inconclusive") << "for another reason";
  EXPECT_EQ(judged(recipient(kRelay, denies()), fair()), "fail refusal");
  EXPECT_EQ(judged(recipient(kDeny, accepts()), fair()), "fail hole");
}

TEST(Judge, TwoMessagesInOne) {
  Session one = session({recipient({"relay"}, seen("accept", "end-of-data", 250))});
  one.mergedMessages = {"second@elsewhere.example"};
  EXPECT_EQ(judgedAs(caseOf({one})), "fail protocol");
}

TEST(Judge, ChecksCount) {
  CaseResult result = caseOf({session({recipient(kDeny, denies())})});
  result.checks = {{"no-reply-for-injected", false, "250 came for it"}};
  judge(result, fair());
  EXPECT_EQ(words(result), "fail protocol");
  EXPECT_EQ(result.why, "check no-reply-for-injected failed: 250 came for it");
  result.checks[0].ok = true;
  EXPECT_EQ(judgedAs(result), "pass");
}

TEST(Judge, ASuddenEndThatNoRecipientAwaited) {
  Session one = session({recipient(kDeny, denies())});
  one.end = {"dropped", "step", "the relay closed the connection"};
  EXPECT_EQ(judgedAs(caseOf({one})), "fail robustness");
  one.end.stage = "quit";
  EXPECT_EQ(judgedAs(caseOf({one})), "pass") << "leaving without 221 is sloppy, and no crash";
}

TEST(Judge, TwinsAreAcceptedWhole) {
  EXPECT_TRUE(accepted(session({recipient(kRelay, accepts())})));
  EXPECT_FALSE(accepted(session({recipient(kRelay, denies())})));
  EXPECT_FALSE(accepted(session({recipient(kRelay, accepts()), recipient(kRelay, denies())})));
  EXPECT_TRUE(accepted(session({recipient(kRelay, accepts()), recipient(kDeny, denies())})));
  EXPECT_TRUE(accepted(session({recipient({}, accepts())})));
  EXPECT_FALSE(accepted(session({recipient(kDeny, denies())}))) << "nothing in it may be accepted";
  EXPECT_FALSE(accepted(session({})));
}

}  // namespace
}  // namespace relayproof::result::judging
