#include "conformance/result/fingerprint.h"

#include <gmock/gmock.h>

#include <initializer_list>
#include <utility>

#include "conformance/result/judge.h"
#include "conformance/result/test_support.h"

namespace relayproof::result {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using verdict::Option;
using verdict::Verdict;
using verdict::Way;

std::size_t at(Option option) { return static_cast<std::size_t>(option); }

/// Two values of each option.
Values twoOfEach() {
  Values values;
  values.fill(0b11);
  return values;
}

Values only(std::initializer_list<std::pair<Option, unsigned>> said) {
  Values values;
  values.fill(kAnyValue);
  for (const auto& [option, bits] : said) values[at(option)] = static_cast<std::uint8_t>(bits);
  return values;
}

CaseResult seen(const std::string& id, Explanation explanation) {
  CaseResult result = resultOf(id, Outcome::observed);
  result.again = "relayproof run --filter " + id;
  result.evidence = {std::move(explanation)};
  return result;
}

Report taken(std::vector<CaseResult> results) {
  Report report = reportOf(std::move(results));
  report.inForce = twoOfEach();
  takeFingerprint(report);
  return report;
}

const CaseResult* contradictionOf(const Report& report) {
  return report.results.back().id == kContradiction ? &report.results.back() : nullptr;
}

TEST(Fingerprint, NothingSeenIsExplainedByOneWayOfSayingNothing) {
  EXPECT_EQ(taken({resultOf("a", Outcome::pass)}).fingerprint, Json::parse(R"({"assignments": 1, "options": {}})"));
}

TEST(Fingerprint, WhatIsSeenNarrowsWhatTheRelayIs) {
  const Report report = taken({seen("a", {only({{Option::patternDepth, 0b10}})}),
                               seen("b", {only({{Option::patternDepth, 0b01}}), only({{Option::patternApex, 0b01}})}),
                               seen("c", {only({{Option::conditions, 0b01}}), only({{Option::registration, 0b10}})})});
  EXPECT_EQ(report.fingerprint, Json::parse(R"({"assignments": 3, "options": {
      "patternDepth": {"values": ["any"], "cases": ["a", "b"]}, "patternApex": {"values": ["yes"], "cases": ["b"]},
      "registration": {"values": ["connectorDomain", "presentedOrParent"], "cases": ["c"]},
      "conditions": {"values": ["samePair", "address"], "cases": ["c"]}}})"));
  EXPECT_EQ(contradictionOf(report), nullptr);
}

TEST(Fingerprint, ARelayThatNoAssignmentExplainsContradictsItselfByTheFewestCases) {
  const Explanation either = {only({{Option::patternDepth, 0b01}, {Option::patternApex, 0b10}}),
                              only({{Option::patternDepth, 0b10}, {Option::patternApex, 0b01}})};
  const Report report = taken({seen("aside", {only({{Option::trailingDot, 0b01}})}), seen("first", either),
                               seen("of-no-matter", {only({{Option::patternDepth, 0b01}})}),
                               seen("second", {only({{Option::patternDepth, 0b01}})}),
                               seen("third", {only({{Option::patternApex, 0b01}})})});
  EXPECT_EQ(report.fingerprint["assignments"], 0);
  const CaseResult* clash = contradictionOf(report);
  ASSERT_NE(clash, nullptr);
  EXPECT_EQ(clash->outcome, Outcome::fail);
  EXPECT_THAT(clash->hangsOn, ElementsAre("patternDepth", "patternApex"));
  EXPECT_THAT(clash->why, testing::AllOf(testing::HasSubstr("first ("), testing::HasSubstr("second ("),
                                         testing::HasSubstr("third ("), testing::Not(testing::HasSubstr("no-matter"))));
  EXPECT_EQ(clash->again, "relayproof run --filter first --filter second --filter third");
}

TEST(Fingerprint, IsReckonedAnewWithoutTheFormerContradiction) {
  Report report =
      taken({seen("a", {only({{Option::patternDepth, 0b01}})}), seen("b", {only({{Option::patternDepth, 0b10}})})});
  ASSERT_NE(contradictionOf(report), nullptr);
  report.results.erase(report.results.begin());
  takeFingerprint(report);
  EXPECT_THAT(report.results, SizeIs(1));
  EXPECT_EQ(report.fingerprint["assignments"], 1);
}

TEST(Fingerprint, HowABadCertificateIsTakenMayDifferFromCaseToCase) {
  const Report report = taken({seen("a", {only({{Option::malformedSibling, 0b01}})}),
                               seen("b", {only({{Option::malformedSibling, 0b10}, {Option::trailingDot, 0b01}})}),
                               seen("c", {only({{Option::untrustedCertificate, 0b01}})})});
  EXPECT_EQ(contradictionOf(report), nullptr);
  EXPECT_EQ(report.fingerprint, Json::parse(R"({"assignments": 1, "options": {
      "untrustedCertificate": {"values": ["treatAsNone"], "cases": ["c"]},
      "malformedSibling": {"values": ["ignoreIt", "rejectCertificate"], "cases": ["a", "b"]},
      "trailingDot": {"values": ["strip"], "cases": ["b"]}}})"));
}

TEST(Fingerprint, WhoeverAsksForListsDoesSoEverywhere) {
  constexpr unsigned kRequire = 0b001, kBestEffort = 0b010, kIgnore = 0b100;
  const auto contradicts = [](unsigned one, unsigned other) {
    Report report = reportOf(
        {seen("one", {only({{Option::revocation, one}})}), seen("other", {only({{Option::revocation, other}})})});
    report.inForce.fill(0b111);
    takeFingerprint(report);
    return contradictionOf(report) != nullptr;
  };
  EXPECT_TRUE(contradicts(kRequire | kBestEffort, kIgnore)) << "the leaf's revocation denies, the authority's does not";
  EXPECT_TRUE(contradicts(kRequire, kIgnore));
  EXPECT_FALSE(contradicts(kRequire, kBestEffort | kIgnore)) << "no list came, for two reasons";
  EXPECT_FALSE(contradicts(kRequire | kBestEffort, kBestEffort | kIgnore));
}

TEST(Fingerprint, AnOlderReportKeepsItsOwn) {
  Report report = reportOf({seen("a", {only({{Option::patternDepth, 0b01}})})});
  report.fingerprint = {{"assignments", 7}};
  takeFingerprint(report);
  EXPECT_EQ(report.fingerprint, Json({{"assignments", 7}}));
}

TEST(Fingerprint, ManyAnswersAreReckonedWithoutTryingEveryAssignment) {
  // Each option hangs on the next one, so that all are one component of 2^20 assignments.
  std::vector<CaseResult> results;
  for (std::size_t i = 0; i + 4 < verdict::kOptionCount; ++i) {
    const auto here = static_cast<Option>(i), next = static_cast<Option>(i + 1);
    results.push_back(
        seen("case-" + std::to_string(i), {only({{here, 0b01}, {next, 0b01}}), only({{here, 0b10}, {next, 0b10}})}));
  }
  EXPECT_EQ(taken(results).fingerprint["assignments"], 2);
}

TEST(Explanations, AreSaidAsShortAsTheyCan) {
  const Values inForce = twoOfEach();
  const Values a = only({{Option::patternDepth, 0b01}}), b = only({{Option::patternDepth, 0b10}});
  EXPECT_THAT(simplified({a, b}, inForce), IsEmpty()) << "any relay";
  const Values ax = only({{Option::patternDepth, 0b01}, {Option::patternApex, 0b01}}),
               bx = only({{Option::patternDepth, 0b10}, {Option::patternApex, 0b01}});
  EXPECT_THAT(simplified({ax, bx}, inForce), ElementsAre(only({{Option::patternApex, 0b01}})));
  EXPECT_EQ(toJson(ax), Json::parse(R"({"patternDepth": ["oneLabel"], "patternApex": ["yes"]})"));
  const Json json = toJson(ax);
  EXPECT_EQ(valuesFrom(Node(json, {}, {})), ax);
}

/// A case whose one recipient may be relayed by a relay of deep patterns and denied by another.
class Evidence : public testing::Test {
 protected:
  Evidence() {
    result_ = resultOf("a", Outcome::observed);
    result_.sessions.resize(1);
    result_.sessions[0].transactions = {{"a@b", {{"c@d", {}, {"accept", "end-of-data", 250, "", "", {}, {}}}}}};
  }
  Observed& observed() { return result_.sessions[0].transactions[0].recipients[0].observed; }
  void deny(const std::string& stage, int code = 550, const std::string& enhanced = "5.7.64") {
    observed() = {"deny", stage, code, enhanced, "", {}, {}};
  }
  std::vector<Explanation> evidence() {
    const std::vector<Way> ways = {{{{Option::patternDepth, 0}}, Verdict::deny, {}},
                                   {{{Option::patternDepth, 1}}, Verdict::relay, "ours"}};
    return evidenceOf(result_, circumstances_, {{ways, ways}}, twoOfEach());
  }
  CaseResult result_;
  Circumstances circumstances_;
};

TEST_F(Evidence, IsTheValuesThatAnswerAsSeen) {
  EXPECT_THAT(evidence(), ElementsAre(Explanation{only({{Option::patternDepth, 0b10}})}));
  deny("rcpt");
  EXPECT_THAT(evidence(), ElementsAre(Explanation{only({{Option::patternDepth, 0b01}})}));
}

TEST_F(Evidence, IsNotWhatWasNotJudgedRight) {
  for (const Outcome outcome :
       {Outcome::fail, Outcome::inconclusive, Outcome::skip, Outcome::error, Outcome::xfail, Outcome::xpass}) {
    result_.outcome = outcome;
    EXPECT_THAT(evidence(), IsEmpty()) << name(outcome);
  }
}

TEST_F(Evidence, IsNoDenialThatMayHaveAnotherCause) {
  deny("end-of-data");
  EXPECT_THAT(evidence(), SizeIs(1));
  auto& recipients = result_.sessions[0].transactions[0].recipients;
  recipients.push_back(recipients[0]);
  EXPECT_THAT(evidence(), IsEmpty()) << "one refusal for two";
  recipients.pop_back();
  deny("rcpt", 552, "5.3.4");
  EXPECT_THAT(evidence(), IsEmpty()) << "a limit";
  deny("rcpt");
  circumstances_.twinNeeded = true;
  EXPECT_THAT(evidence(), IsEmpty()) << "nothing shows that the twin is accepted";
  circumstances_.twinAccepted = true;
  EXPECT_THAT(evidence(), SizeIs(1));
}

TEST_F(Evidence, IsNoSessionOfAnotherIdentityAndNoneThatCarriesAnother) {
  result_.sessions[0].resumed = true;
  EXPECT_THAT(evidence(), IsEmpty());
  result_.sessions[0].resumed = false;
  result_.sessions[0].transactions.push_back({"x@y", {}, true});
  EXPECT_THAT(evidence(), IsEmpty());
}

TEST_F(Evidence, TellsByTheTenantToo) {
  observed().tenant = "ours";
  EXPECT_THAT(evidence(), SizeIs(1));
  observed().tenant = "theirs";
  EXPECT_THAT(evidence(), IsEmpty()) << "nothing explains it, so it accuses nobody";
}

}  // namespace
}  // namespace relayproof::result
