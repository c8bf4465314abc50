#include "conformance/result/judge.h"

#include <gmock/gmock.h>

#include "conformance/result/denial.h"

namespace relayproof::result {
namespace {

using testing::HasSubstr;

Answer answer(const std::string& verdict) {
  if (verdict == "relay") return {"relay", "contoso", {"3b"}};
  if (verdict == "deliver") return {"deliver", "contoso", {}};
  return {verdict, std::nullopt, {}};
}

Recipient recipient(const std::vector<std::string>& expected, Observed observed,
                    std::string address = "rp-1@elsewhere.example") {
  Recipient made{std::move(address), {}, std::move(observed)};
  for (const std::string& verdict : expected) made.expected.push_back(answer(verdict));
  return made;
}

Observed seen(std::string verdict, std::string stage, int code = 0, std::string enhanced = "",
              std::optional<std::string> passedOn = std::nullopt) {
  return {std::move(verdict), std::move(stage), code, std::move(enhanced), "", std::move(passedOn), std::nullopt};
}

Observed accepts(std::optional<std::string> passedOn = std::nullopt) {
  return seen("accept", "end-of-data", 250, "2.0.0", std::move(passedOn));
}
Observed denies() { return seen("deny", "rcpt", 550, "5.7.64"); }

Session session(std::vector<Recipient> recipients) {
  Session made;
  made.source = "127.0.0.1";
  made.certificate = "names.dns.nul-suffix";
  made.tlsOutcome = "ok";
  made.tlsVersion = "TLSv1.3";
  made.certificateRequested = true;
  made.transactions.push_back({"rp-1@foreign.example", std::move(recipients), false});
  return made;
}

Session watched(std::vector<Recipient> recipients) {
  Session made = session(std::move(recipients));
  made.watched = {"next-hop", "local-hop"};
  return made;
}

Session refused(std::vector<Recipient> recipients) {
  Session made = session(std::move(recipients));
  made.tlsOutcome = "refused";
  made.end = {"dropped", "tls", ""};
  return made;
}

CaseResult caseOf(std::vector<Session> sessions) {
  CaseResult result;
  result.id = "names.dns.nul-suffix";
  result.purpose = "A comparison that stops at the first NUL takes this for mail.names.test.";
  result.sessions = std::move(sessions);
  return result;
}

Circumstances fair() {
  Circumstances circumstances;
  circumstances.presentsCertificate = true;
  circumstances.twinNeeded = true;
  circumstances.twinAccepted = true;
  return circumstances;
}

std::string words(const CaseResult& result) {
  const std::string failure(name(result.failure));
  return std::string(name(result.outcome)) + (failure.empty() ? "" : " " + failure);
}

std::string judgedAs(CaseResult result, const Circumstances& circumstances = fair()) {
  judge(result, circumstances);
  return words(result);
}

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

using Words = std::vector<std::string>;
const Words kRelay = {"relay"}, kDeliver = {"deliver"}, kDeny = {"deny"}, kEither = {"relay", "deny"},
            kDenyTls = {"deny", "refuse-tls"}, kDeliverTls = {"deliver", "refuse-tls"},
            kAll = {"relay", "deny", "refuse-tls"};

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

TEST(Judge, ARefusalOfWhatIsAcceptedOfTheTwinIsADenialByAnotherCode) {
  Circumstances same = fair();
  same.twinSaysTheSame = true;
  const auto denied = [&](const Words& expected, int code, const char* enhanced, const Circumstances& circumstances) {
    return judgedAs(caseOf({watched({recipient(expected, seen("deny", "rcpt", code, enhanced))})}), circumstances);
  };
  EXPECT_EQ(denied(kDeny, 501, "", same), "fail reply");
  EXPECT_EQ(denied(kDeny, 503, "5.5.1", same), "fail reply");
  EXPECT_EQ(denied(kDeny, 552, "5.2.2", same), "fail reply");
  EXPECT_EQ(denied(kDeny, 550, "5.1.1", same), "fail reply");
  EXPECT_EQ(denied(kDeny, 550, "5.1.8", same), "inconclusive") << "senders who are not trusted may be asked more";
  EXPECT_EQ(denied(kRelay, 501, "", same), "fail refusal") << "what was said is in order";
  EXPECT_EQ(denied(kRelay, 501, "5.1.8", same), "inconclusive");
  EXPECT_EQ(denied(kEither, 501, "", same), "inconclusive");
  same.twinAccepted = false;
  EXPECT_EQ(denied(kDeny, 501, "", same), "inconclusive");
}

TEST(Judge, WhatIsNoPathIsRightlyCalledBadSyntax) {
  const auto denied = [](const Words& expected, const char* sender, const char* to) {
    CaseResult result = caseOf({watched({recipient(expected, seen("deny", "mail", 501, "5.1.7"), to)})});
    result.sessions[0].transactions[0].mailFrom = sender;
    return judgedAs(std::move(result));
  };
  EXPECT_EQ(denied(kDeny, "a@contoso.test", "a@elsewhere.example"), "inconclusive");
  EXPECT_EQ(denied(kDeny, "a@contoso.test foreign.example", "a@elsewhere.example"), "pass");
  EXPECT_EQ(denied(kDeny, "a@contoso.test", "a@elsewhere.example@contoso.test"), "pass");
  EXPECT_EQ(denied(kRelay, "a@contoso.test foreign.example", "a@elsewhere.example"), "inconclusive");
}

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

TEST(Judge, StrictReply) {
  Circumstances circumstances = fair();
  circumstances.strictReply = true;
  const auto of = [&](int code, const std::string& enhanced) {
    return judgedAs(caseOf({session({recipient(kDeny, seen("deny", "rcpt", code, enhanced))})}), circumstances);
  };
  EXPECT_EQ(of(550, "5.7.64"), "pass");
  EXPECT_EQ(of(550, "5.7.51"), "pass");
  EXPECT_EQ(of(550, "5.7.1"), "fail reply");
  EXPECT_EQ(of(554, "5.7.64"), "fail reply");
  EXPECT_EQ(of(550, ""), "fail reply");
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

TEST(Judge, RefusedTls) {
  Session alert = refused({recipient(kDenyTls, seen("refuse-tls", "tls"))});
  alert.alert = "bad_certificate";
  Session code = refused({recipient(kDenyTls, seen("refuse-tls", "tls", 554, "5.7.1"))});
  Session bare = refused({recipient(kDenyTls, seen("refuse-tls", "tls"))});
  EXPECT_EQ(judgedAs(caseOf({alert})), "pass");
  EXPECT_EQ(judgedAs(caseOf({code})), "pass");
  Session version = alert;
  version.certificateRequested = false;
  version.alert = "protocol_version";
  EXPECT_EQ(judgedAs(caseOf({version})), "inconclusive") << "no certificate was refused";
  CaseResult told = caseOf({version});
  judge(told, fair());
  EXPECT_THAT(told.why, testing::HasSubstr("--without tls12"));
  Session name = version;
  name.alert = "unrecognized_name";
  EXPECT_EQ(judgedAs(caseOf({name})), "skip") << "RFC 6066 3 allows it";
  EXPECT_EQ(judgedAs(caseOf({bare})), "inconclusive") << "a close alone may be a crash";
  EXPECT_EQ(judgedAs(caseOf({bare, bare})), "pass");
  EXPECT_FALSE(asksForRetry(alert));
  EXPECT_FALSE(asksForRetry(code));
  EXPECT_TRUE(asksForRetry(bare));

  Circumstances throttled = fair();
  throttled.controlsHeld = false;
  EXPECT_EQ(judgedAs(caseOf({alert}), throttled), "inconclusive");

  for (const Words& expected : {kRelay, kDeny, kEither}) {
    alert.transactions[0].recipients[0] = recipient(expected, seen("refuse-tls", "tls"));
    EXPECT_EQ(judgedAs(caseOf({alert})), "fail refusal");
  }
  alert.transactions[0].recipients[0] = recipient(kDeliverTls, seen("refuse-tls", "tls"));
  EXPECT_EQ(judgedAs(caseOf({alert})), "pass");
  alert.transactions[0].recipients[0] = recipient(kAll, seen("refuse-tls", "tls"));
  EXPECT_EQ(judgedAs(caseOf({alert})), "observed");
}

TEST(Judge, WhoeverTakesNoAddressBeyondAsciiIsAskedNothing) {
  for (const char* path : {"a@b.test", "\xC3\xA4@b.test"}) {
    Session denied = session({recipient(kDeny, seen("deny", "rcpt", 553, "5.6.7"))});
    denied.transactions[0].recipients[0].address = path;
    EXPECT_EQ(judgedAs(caseOf({denied})), std::string(path) == "a@b.test" ? "inconclusive" : "skip") << path;
    denied.transactions[0].recipients[0] = recipient(kRelay, seen("deny", "rcpt", 553, "5.6.7"));
    denied.transactions[0].recipients[0].address = path;
    EXPECT_EQ(judgedAs(caseOf({denied})), "inconclusive") << "nobody knows whether it would be relayed";
  }
}

TEST(Judge, A421BehindTheHandshakeMayBeAMatterOfLoad) {
  const Session untrusted = refused({recipient(kDenyTls, seen("refuse-tls", "tls", 421, "4.7.1"))});
  EXPECT_FALSE(asksForRetry(untrusted));
  EXPECT_EQ(judgedAs(caseOf({untrusted})), "pass");
  const Session trusted = refused({recipient(kRelay, seen("refuse-tls", "tls", 421, "4.7.0"))});
  EXPECT_TRUE(asksForRetry(trusted));
  EXPECT_EQ(judgedAs(caseOf({trusted})), "inconclusive");
  EXPECT_EQ(judgedAs(caseOf({trusted, trusted})), "fail refusal");
  EXPECT_EQ(judgedAs(caseOf({trusted, session({recipient(kRelay, accepts())})})), "pass");
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

TEST(Judge, WrongTenant) {
  Session one = watched({recipient(kRelay, accepts("next-hop"))});
  one.transactions[0].recipients[0].observed.tenant = "fabrikam";
  CaseResult result = caseOf({one});
  judge(result, fair());
  EXPECT_EQ(words(result), "fail hole");
  EXPECT_THAT(result.why, HasSubstr("for tenant fabrikam, where only contoso is right"));

  one.transactions[0].recipients[0].observed.tenant = "contoso";
  EXPECT_EQ(judgedAs(caseOf({one})), "pass");
  one.transactions[0].recipients[0].observed.tenant = "contoso, fabrikam";
  EXPECT_EQ(judgedAs(caseOf({one})), "fail hole");
  one.transactions[0].recipients[0].observed.tenant = "fabrikam";
  one.transactions[0].recipients[0].expected[0].tenant.reset();
  EXPECT_EQ(judgedAs(caseOf({one})), "pass") << "an expectation without tenant compares none";
  one.transactions[0].recipients[0].observed.forgedMark = true;
  EXPECT_EQ(judgedAs(caseOf({one})), "fail hole");
  one.transactions[0].recipients[0].expected[0].tenant = "fabrikam";
  EXPECT_EQ(judgedAs(caseOf({one})), "pass") << "the relay may give the mark that the client had guessed";
}

TEST(Judge, LostOnlyWhereASinkWatchesThatHop) {
  Session one = session({recipient(kRelay, accepts("none"))});
  one.watched = {"local-hop"};
  EXPECT_EQ(judgedAs(caseOf({one})), "pass");
  one.watched = {"next-hop"};
  EXPECT_EQ(judgedAs(caseOf({one})), "fail protocol");
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

TEST(Judge, WhoTakesNoUnusualPathIsNotJudged) {
  for (const char* path : {"@a.test:user@b.test", "\"user\"@b.test", "user%b.test@a.test", "b.test!user@a.test"}) {
    Session one = session({recipient({"relay"}, seen("deny", "rcpt", 501, "5.1.3"))});
    EXPECT_EQ(judgedAs(caseOf({one})), "fail refusal");
    one.transactions[0].recipients[0].address = path;
    EXPECT_EQ(judgedAs(caseOf({one})), "skip") << path;
    one.transactions[0].recipients[0].observed = seen("deny", "rcpt", 503, "5.5.1");
    EXPECT_EQ(judgedAs(caseOf({one})), "fail refusal") << path;
  }
}

TEST(Judge, EveryServerKnowsMail) {
  Session one = session({recipient({"relay"}, seen("deny", "mail", 500, "5.5.2"))});
  EXPECT_EQ(judgedAs(caseOf({one})), "fail refusal");
  one.transactions[0].recipients[0].observed.stage = "rcpt";
  EXPECT_EQ(judgedAs(caseOf({one})), "inconclusive");
  one.transactions[0].recipients[0].observed.stage = "mail";
  Circumstances atLimits = fair();
  atLimits.withinLimits = true;
  EXPECT_EQ(judgedAs(caseOf({one}), atLimits), "fail robustness");
  one.transactions[0].mailFrom = "\"user\"@b.test";
  EXPECT_EQ(judgedAs(caseOf({one})), "inconclusive") << "some say 500 of a path that they cannot read";
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

TEST(Judge, SmuggledMessagesAreJudgedByTheSinksAlone) {
  Session one = watched({recipient(kEither, accepts("next-hop"))});
  one.transactions.push_back({"rp-1@foreign.example",
                              {recipient(kDeny, seen("not-reached", "", 0, "", "none"), "victim@elsewhere.example")},
                              true});
  EXPECT_EQ(judgedAs(caseOf({one})), "pass");

  one.transactions[0].recipients[0].observed = seen("deny", "end-of-data", 550, "5.6.11");
  EXPECT_EQ(judgedAs(caseOf({one})), "pass") << "the carrier may be refused for its line ends";
  one.transactions[0].recipients[0].observed = accepts("late-denial");
  EXPECT_EQ(judgedAs(caseOf({one})), "pass") << "by a bounce too";
  one.transactions[0].recipients[0].observed = seen("drop", "end-of-data");
  EXPECT_EQ(judgedAs(caseOf({one})), "fail robustness");

  one.transactions[0].recipients[0].observed = accepts("next-hop");
  one.transactions[1].recipients[0].observed = seen("accept", "end-of-data", 0, "", "next-hop");
  EXPECT_EQ(judgedAs(caseOf({one})), "fail hole");

  one.transactions[1].recipients[0].observed = seen("not-reached", "");
  one.watched = {"local-hop"};
  EXPECT_EQ(judgedAs(caseOf({one})), "inconclusive") << "it would go to the next hop";
  one.watched.clear();
  EXPECT_EQ(judgedAs(caseOf({one})), "inconclusive");
}

TEST(Judge, MixedRecipientsDeniedAsOne) {
  const Session mixed = session({recipient(kDeny, seen("deny", "end-of-data", 550, "5.7.64")),
                                 recipient(kDeliver, seen("deny", "end-of-data", 550, "5.7.64"), "b@contoso.test")});
  Circumstances circumstances = fair();
  EXPECT_EQ(recipientToRetryAlone(mixed), (RecipientPlace{0, 1}));
  EXPECT_EQ(judgedAs(caseOf({mixed}), circumstances), "inconclusive");
  circumstances.acceptedRecipientAloneAccepted = true;
  EXPECT_EQ(judgedAs(caseOf({mixed}), circumstances), "pass");
  circumstances.acceptedRecipientAloneAccepted = false;
  EXPECT_EQ(judgedAs(caseOf({mixed}), circumstances), "fail refusal");

  circumstances.acceptedRecipientAloneAccepted = true;
  const Session atRcpt = session({recipient(kDeny, denies()), recipient(kDeliver, denies(), "b@contoso.test")});
  EXPECT_EQ(recipientToRetryAlone(atRcpt), std::nullopt);
  EXPECT_EQ(judgedAs(caseOf({atRcpt}), circumstances), "fail refusal") << "RCPT answers for each by itself";
  const Session allRight = session({recipient(kDeliver, seen("deny", "end-of-data", 550), "b@contoso.test")});
  EXPECT_EQ(judgedAs(caseOf({allRight}), circumstances), "fail refusal") << "nothing in it had to be denied";
}

TEST(Judge, MixedRecipientsAcceptedAsOneAreAHole) {
  EXPECT_EQ(
      judgedAs(caseOf({session({recipient(kDeliver, accepts(), "b@contoso.test"), recipient(kDeny, accepts())})})),
      "fail hole");
}

TEST(Judge, NoData) {
  Circumstances circumstances = fair();
  circumstances.noData = true;
  const Session halted = session({recipient(kDeny, seen("not-reached", "rcpt", 250))});
  const auto under = [&](const std::string& stage) {
    circumstances.denyStage = stage;
    return judgedAs(caseOf({halted}), circumstances);
  };
  EXPECT_EQ(under(""), "inconclusive");
  EXPECT_EQ(under("end-of-data"), "inconclusive");
  EXPECT_EQ(under("rcpt"), "fail hole");
  circumstances.denyStage = "rcpt";
  EXPECT_TRUE(accepted(session({recipient(kRelay, seen("not-reached", "rcpt", 250))}), circumstances));
  EXPECT_EQ(judgedAs(caseOf({session({recipient(kRelay, seen("not-reached", "rcpt", 250, "none"))})}), circumstances),
            "pass")
      << "no sink can get a message that was not sent";
  circumstances.denyStage = "data";
  EXPECT_FALSE(accepted(session({recipient(kRelay, seen("not-reached", "rcpt", 250))}), circumstances));
}

TEST(Judge, AParameterTheRelayDoesNotKnowIsNoDenial) {
  Circumstances circumstances = fair();
  const CaseResult unknown = caseOf({session({recipient(kDeny, seen("deny", "mail", 555))})});
  EXPECT_EQ(judgedAs(unknown, circumstances), "inconclusive") << "where none was sent";
  circumstances.sendsMailParameters = true;
  EXPECT_EQ(judgedAs(unknown, circumstances), "skip");
  const CaseResult atRecipient = caseOf({session({recipient(kDeny, seen("deny", "rcpt", 555))})});
  EXPECT_EQ(judgedAs(atRecipient, circumstances), "inconclusive");
  circumstances.sendsRecipientParameters = true;
  EXPECT_EQ(judgedAs(atRecipient, circumstances), "skip");
  EXPECT_EQ(judgedAs(caseOf({session({recipient(kDeny, seen("deny", "mail", 501))})}), circumstances), "skip");
  const CaseResult refused = caseOf({session({recipient({"relay"}, seen("deny", "mail", 555))})});
  EXPECT_EQ(judgedAs(refused, circumstances), "skip");
  circumstances.parametersOffered = true;
  EXPECT_EQ(judgedAs(refused, circumstances), "fail refusal");
  EXPECT_EQ(judgedAs(unknown, circumstances), "skip") << "it is denied whatever for";
  EXPECT_EQ(judgedAs(caseOf({session({recipient({"relay"}, seen("deny", "mail", 501))})}), circumstances),
            "inconclusive");
}

TEST(Judge, WhatIsDeferredAndPassedOnArrivesTwice) {
  const Session one = watched({recipient(kRelay, seen("defer", "end-of-data", 451, "4.4.1", "next-hop"))});
  Circumstances circumstances = fair();
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "fail protocol");
  circumstances.controlsHeld = false;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "fail protocol") << "a control may show it";
  const Session early = watched({recipient(kRelay, seen("defer", "rcpt", 451, "4.7.1", "none"))});
  EXPECT_EQ(judgedAs(caseOf({early}), circumstances), "inconclusive");
}

TEST(Judge, WhatEveryServerHasToBearIsNoMatterOfItsLimits) {
  Circumstances circumstances = fair();
  const CaseResult tooBig = caseOf({session({recipient({"relay"}, seen("deny", "end-of-data", 552, "5.3.4"))})});
  EXPECT_EQ(judgedAs(tooBig, circumstances), "inconclusive");
  circumstances.withinLimits = true;
  EXPECT_EQ(judgedAs(tooBig, circumstances), "fail robustness");
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

TEST(Judge, ACertificateThatALibraryMayNotRead) {
  Session refusal = refused({recipient(kRelay, seen("refuse-tls", "tls"))});
  refusal.alert = "bad_certificate";
  Circumstances circumstances = fair();
  EXPECT_EQ(judgedAs(caseOf({refusal}), circumstances), "fail refusal");
  circumstances.oddCertificate = true;
  EXPECT_EQ(judgedAs(caseOf({refusal}), circumstances), "skip");
  Session closed = refusal;
  closed.alert.reset();
  EXPECT_EQ(judgedAs(caseOf({closed}), circumstances), "inconclusive") << "a close alone may be a crash";
  EXPECT_EQ(judgedAs(caseOf({closed, closed}), circumstances), "skip");
  EXPECT_EQ(judgedAs(caseOf({session({recipient(kRelay, denies())})}), circumstances), "fail refusal");
  EXPECT_EQ(judgedAs(caseOf({session({recipient(kRelay, accepts())})}), circumstances), "pass");
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

TEST(Judge, ASequenceThatARelayNeedNotTake) {
  Session one = session({recipient(kRelay, seen("not-reached", "step", 503))});
  one.end = {"stopped", "step", "the relay answered 503 only BDAT"};
  Circumstances circumstances = fair();
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "inconclusive");
  circumstances.oddSequence = true;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "skip");
  for (const int other : {451, 550, 500}) {
    one.transactions[0].recipients[0].observed.code = other;
    EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "inconclusive") << other;
  }
}

TEST(Judge, MailWithoutAMarkWhereTheControlsHadOne) {
  Session one = watched({recipient(kRelay, accepts("next-hop"))});
  Circumstances circumstances = fair();
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "pass");
  circumstances.marksDelivered = true;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "pass") << "marks may be for delivered mail alone";
  circumstances.marksRelayed = true;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "fail protocol");
  one.transactions[0].recipients[0].observed.tenant = "contoso";
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "pass");
  one.transactions[0].recipients[0].observed.tenant.reset();
  one.transactions[0].recipients[0].expected[0].tenant.reset();
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "pass") << "mail to Postmaster is no tenant's";
}

TEST(Judge, AMessageThatARelayNeedNotTake) {
  const Session one = session({recipient({"relay"}, seen("deny", "end-of-data", 554, "5.6.0"))});
  Circumstances circumstances = fair();
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "inconclusive");
  circumstances.plainContent = true;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "fail refusal");
  const Session full = session({recipient({"relay"}, seen("deny", "end-of-data", 552, "5.3.4"))});
  EXPECT_EQ(judgedAs(caseOf({full}), circumstances), "inconclusive");
  circumstances.plainContent = false;
  circumstances.oddContent = true;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "skip");
  const Session early = session({recipient({"relay"}, seen("deny", "rcpt", 550, "5.7.1"))});
  EXPECT_EQ(judgedAs(caseOf({early}), circumstances), "fail refusal") << "nothing of it was seen yet";
  const Session bounced = watched({recipient(kRelay, accepts("late-denial"))});
  EXPECT_EQ(judgedAs(caseOf({bounced}), circumstances), "skip");
  EXPECT_EQ(judgedAs(caseOf({bounced}), fair()), "fail refusal");
  EXPECT_EQ(judgedAs(caseOf({watched({recipient(kRelay, accepts("none"))})}), circumstances), "fail protocol")
      << "it may be refused or bounced, and not lost";
}

TEST(Judge, TwoMessagesInOne) {
  Session one = session({recipient({"relay"}, seen("accept", "end-of-data", 250))});
  one.mergedMessages = {"second@elsewhere.example"};
  EXPECT_EQ(judgedAs(caseOf({one})), "fail protocol");
}

TEST(Judge, TheNullPathIsNoBadAddress) {
  Session bounce = session({recipient({"relay"}, seen("deny", "mail", 550, "5.1.7"))});
  EXPECT_EQ(judgedAs(caseOf({bounce})), "inconclusive") << "another sender may be a bad address";
  bounce.transactions[0].mailFrom.clear();
  EXPECT_EQ(judgedAs(caseOf({bounce})), "fail refusal");
  bounce.transactions[0].recipients[0].observed = seen("deny", "mail", 501, "5.5.2");
  EXPECT_EQ(judgedAs(caseOf({bounce})), "fail refusal");
  bounce.transactions[0].recipients = {recipient({"deny"}, seen("deny", "mail", 550, "5.1.7"))};
  EXPECT_EQ(judgedAs(caseOf({bounce})), "inconclusive");
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

TEST(Judge, WhatWasNeverSentIsNotJudged) {
  const Session nothing = session({recipient(kDeny, seen("not-reached", "rcpt", 250))});
  EXPECT_EQ(judgedAs(caseOf({nothing})), "inconclusive");
  CaseResult checked = caseOf({nothing});
  checked.checks = {{"data-after-rset", true, ""}};
  EXPECT_EQ(judgedAs(checked), "pass");
  EXPECT_EQ(judgedAs(caseOf({session({})})), "inconclusive");
  EXPECT_EQ(judgedAs(caseOf({})), "error");
}

TEST(Judge, AnEndBeforeTheQuestionIsInconclusive) {
  Session one = session({recipient(kDeny, seen("not-reached", "starttls", 502))});
  one.tlsOutcome = "none";
  one.end = {"stopped", "starttls", "STARTTLS refused"};
  CaseResult result = caseOf({one});
  judge(result, fair());
  EXPECT_EQ(words(result), "inconclusive");
  EXPECT_THAT(result.why, HasSubstr("at STARTTLS (502)"));
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

TEST(Denial, OfEveryKind) {
  EXPECT_EQ(classify(530, "", false), Refusal::denial);
  EXPECT_EQ(classify(550, "5.7.233", false), Refusal::denial);
  EXPECT_EQ(classify(554, "5.0.0", false), Refusal::wrongReply);
  EXPECT_EQ(classify(500, "", false), Refusal::otherCause);
  EXPECT_EQ(classify(550, "5.6.7", false), Refusal::otherCause);
  EXPECT_EQ(classify(550, "5.7.64", true), Refusal::denial);
  EXPECT_EQ(classify(550, "5.1.1", true), Refusal::otherCause);
}

}  // namespace
}  // namespace relayproof::result
