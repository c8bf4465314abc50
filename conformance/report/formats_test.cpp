// JSON, TAP, Markdown and SARIF.
#include <gmock/gmock.h>

#include <sstream>

#include "conformance/report/render.h"
#include "conformance/report/test_support.h"

namespace relayproof::report {
namespace {

using result::CaseResult;
using result::Class;
using result::Outcome;
using testing::HasSubstr;
using testing::Not;

/// A result of each kind, with text that would be markup in each format.
result::Report ofEachKind() {
  result::Report report;
  report.profile = "exo-2017";
  report.passingOnSeen = true;
  for (const Outcome outcome : result::kOutcomes) {
    CaseResult& one = report.results.emplace_back();
    one.id = std::string("family.") + std::string(result::name(outcome));
    one.title = "a title";
    one.tier = "must";
    one.outcome = outcome;
    one.failure = outcome == Outcome::fail || outcome == Outcome::xfail ? Class::hole : Class::none;
    one.why = "because # of | <b>`this`</b>\nand \x1b";
    one.file = "/opt/corpus/cases/family of one.json";
    one.line = 7;
  }
  return report;
}

// Written a result at a time, and the same octets as of one document.
TEST(Json, IsTheReportAsOneDocument) {
  result::Report none = golden();
  none.results.clear();
  for (const result::Report& report : {golden(), ofEachKind(), none}) {
    std::ostringstream written;
    json(report, written);
    EXPECT_EQ(written.str(), result::dump(result::toJson(report), 2) + "\n");
  }
}

TEST(Tap, HasALineACase) {
  const std::string text = tap(ofEachKind());
  EXPECT_TRUE(text.starts_with("TAP version 14\n1..8\n"));
  for (const char* line : {"\nok 1 - family.pass\n", "\nnot ok 2 - family.fail\n# fail (hole) family.fail: a title\n",
                           "\nok 3 - family.observed # SKIP because \\# of", "\nnot ok 4 - family.inconclusive\n",
                           "\nnot ok 5 - family.xfail # TODO because", "\nnot ok 6 - family.xpass\n",
                           "\nok 7 - family.skip # SKIP because", "\nnot ok 8 - family.error\n"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(text, Not(HasSubstr("Bail out!")));
}

TEST(Tap, ARunThatEndedEarlyBailsOut) {
  result::Report report = ofEachKind();
  report.halted = result::kHaltedWentAway;
  EXPECT_THAT(tap(report), HasSubstr("\nBail out! the relay went away\n"));
}

TEST(Markdown, ShowsFailuresInFullAndTextOfStrangersAsText) {
  const std::string text = markdown(ofEachKind());
  EXPECT_THAT(text, HasSubstr("\n## Failures (1)\n\n### family.fail\n\n```\nfail (hole) family.fail: a title\n"));
  EXPECT_THAT(text, HasSubstr("\n| family.observed | because \\# of \\| \\<b\\>\\`this\\`\\</b\\> and \\\\x1B |\n"));
  EXPECT_THAT(text, Not(HasSubstr("family.pass")));
  const std::string golden = markdown(report::golden());
  EXPECT_THAT(golden, HasSubstr("- patternDepth: any (1 case)\n"));
}

TEST(Sarif, PlacesEachFindingAtItsCase) {
  const Json log = Json::parse(sarif(ofEachKind()));
  const Json& results = log["runs"][0]["results"];
  ASSERT_EQ(results.size(), 5U) << "fail, inconclusive, xfail, xpass, error";
  const Json& fail = results[0];
  EXPECT_EQ(fail["ruleId"], "family.fail");
  EXPECT_EQ(fail["level"], "error");
  EXPECT_EQ(
      fail["locations"][0]["physicalLocation"],
      Json::parse(R"({"artifactLocation": {"uri": "corpus/cases/family%20of%20one.json", "uriBaseId": "%SRCROOT%"},
                            "region": {"startLine": 7}})"));
  EXPECT_EQ(fail["partialFingerprints"], Json({{"relayproofCase/v1", "family.fail"}}));
  EXPECT_EQ(results[1]["kind"], "open");
  EXPECT_EQ(results[1]["level"], "none");
  EXPECT_EQ(results[2]["suppressions"][0]["kind"], "external");
  for (const Json& result : results)
    EXPECT_EQ(log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"],
              result["ruleId"]);
}

TEST(Sarif, SaysThatARunEndedEarly) {
  result::Report report = ofEachKind();
  report.halted = result::kHaltedInterrupted;
  const Json invocation = Json::parse(sarif(report))["runs"][0]["invocations"][0];
  EXPECT_EQ(invocation["executionSuccessful"], false);
  EXPECT_EQ(invocation["toolExecutionNotifications"][0]["message"]["text"], "interrupted");
}

}  // namespace
}  // namespace relayproof::report
