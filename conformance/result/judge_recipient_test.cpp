// What becomes of one recipient: accepted and passed on, refused with TLS, deferred, smuggled, not reached.
#include <gmock/gmock.h>

#include "conformance/result/judge_test_support.h"

namespace relayproof::result::judging {
namespace {

using testing::HasSubstr;

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
  EXPECT_THAT(told.why, HasSubstr("--without tls12"));
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

TEST(Judge, WhatIsTakenUpIsNotRefused) {
  Session resumed = refused({recipient({"relay", "deny"}, seen("refuse-tls", "tls", 421, "4.3.0"))});
  resumed.resumed = true;
  CaseResult result = caseOf({resumed, resumed});
  Circumstances resuming = fair();
  resuming.mayResume = true;
  judge(result, resuming);
  EXPECT_EQ(words(result), "fail refusal");
  EXPECT_THAT(result.why, HasSubstr("took up an earlier session"));
  EXPECT_THAT(result.likely.value_or(""), HasSubstr("cannot read the certificate of a session"));
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

TEST(Judge, WhatIsDeferredAndPassedOnArrivesTwice) {
  const Session one = watched({recipient(kRelay, seen("defer", "end-of-data", 451, "4.4.1", "next-hop"))});
  Circumstances circumstances = fair();
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "fail protocol");
  circumstances.controlsHeld = false;
  EXPECT_EQ(judgedAs(caseOf({one}), circumstances), "fail protocol") << "a control may show it";
  const Session early = watched({recipient(kRelay, seen("defer", "rcpt", 451, "4.7.1", "none"))});
  EXPECT_EQ(judgedAs(caseOf({early}), circumstances), "inconclusive");
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

}  // namespace
}  // namespace relayproof::result::judging
