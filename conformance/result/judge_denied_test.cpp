// Which refusals are denials, and which tell of something else.
#include <gmock/gmock.h>

#include "conformance/result/denial.h"
#include "conformance/result/judge_test_support.h"

namespace relayproof::result::judging {
namespace {

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

TEST(Judge, WhatEveryServerHasToBearIsNoMatterOfItsLimits) {
  Circumstances circumstances = fair();
  const CaseResult tooBig = caseOf({session({recipient({"relay"}, seen("deny", "end-of-data", 552, "5.3.4"))})});
  EXPECT_EQ(judgedAs(tooBig, circumstances), "inconclusive");
  circumstances.withinLimits = true;
  EXPECT_EQ(judgedAs(tooBig, circumstances), "fail robustness");
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
}  // namespace relayproof::result::judging
