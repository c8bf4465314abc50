#include "conformance/report/describe.h"

#include <gmock/gmock.h>

namespace relayproof::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Printable, LeavesTextAndShowsTheRestAsOctets) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"plain\n\ttext", "plain\n\ttext"},
      {"b\xc3\xbc"
       "cher \xf0\x9f\x93\xa7",
       "b\xc3\xbc"
       "cher \xf0\x9f\x93\xa7"},
      {std::string_view("a\0b", 3), "a\\x00b"},
      {"\x1b[31m", "\\x1B[31m"},
      {"\r\x7f", "\\x0D\\x7F"},
      {"\xff", "\\xFF"},
      {"\xc3", "\\xC3"},
      {"\xc0\xaf", "\\xC0\\xAF"},                    // overlong
      {"\xe0\x80\xaf", "\\xE0\\x80\\xAF"},           // overlong
      {"\xed\xa0\x80", "\\xED\\xA0\\x80"},           // surrogate
      {"\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xc2\x9b"
       "31m",
       "\\xC2\\x9B"
       "31m"},  // C1 control
      {"\xe2\x80\xae"
       "txt",
       "\\xE2\\x80\\xAE"
       "txt"},                              // right-to-left override
      {"\xef\xbf\xbf", "\\xEF\\xBF\\xBF"},  // no character
  };
  for (const auto& [octets, shown] : rows) EXPECT_EQ(printable(octets), shown);
}

TEST(Describe, ExpectedAndObserved) {
  result::Recipient recipient;
  recipient.expected = {{"relay", "contoso", {"3a", "3b"}}, {"deny", {}, {}}};
  EXPECT_EQ(expectedText(recipient), "relay for contoso (3a, 3b), or deny");
  EXPECT_EQ(observedText({"accept", "end-of-data", 250, "2.0.0", "OK", "next-hop", "contoso"}),
            "accept at end-of-data, 250 2.0.0 OK; passed on: next-hop, for tenant contoso");
  EXPECT_EQ(observedText({"accept", "end-of-data", 250, "", "OK", "local-hop", "contoso", true}),
            "accept at end-of-data, 250 OK; passed on: local-hop, for tenant contoso, as the client had written");
  EXPECT_EQ(observedText({"drop", "rcpt", 0, "", "closed", {}, {}}), "drop at rcpt: closed");
}

TEST(Describe, SummaryLine) {
  result::Report report;
  EXPECT_EQ(summaryLine(report), "0 cases: nothing judged; coverage 100.0 %; 0.0 s");
  for (const auto& [outcome, failure] :
       {std::pair(result::Outcome::pass, result::Class::none), std::pair(result::Outcome::fail, result::Class::hole),
        std::pair(result::Outcome::fail, result::Class::reply),
        std::pair(result::Outcome::inconclusive, result::Class::none)}) {
    report.results.emplace_back().outcome = outcome;
    report.results.back().failure = failure;
  }
  report.durationMs = 1234;
  EXPECT_EQ(summaryLine(report), "4 cases: 1 pass, 2 fail (1 hole, 1 reply), 1 inconclusive; coverage 75.0 %; 1.2 s");
}

TEST(Describe, WarningsComeFirst) {
  result::Report report;
  report.passingOnSeen = true;
  report.target.tls = "TLSv1.3";
  report.target.asked = true;
  EXPECT_THAT(warnings(report), testing::IsEmpty());
  report.passingOnSeen = true;
  for (const char* id : {"a", "b", "c", "d"}) {
    report.results.emplace_back().id = id;
    report.results.back().tier = "must";
    report.results.back().outcome = result::Outcome::inconclusive;
  }
  EXPECT_THAT(warnings(report), ElementsAre("Cases that must be judged stay open: a, b, c and 1 more."));
  report.results.back().sessions.emplace_back().transactions = {{"a@b", {}, true}};
  EXPECT_THAT(warnings(report), ElementsAre(HasSubstr("stay open"), HasSubstr("--without injection")));
  report.passingOnSeen = false;
  report.target.asked = false;
  report.halted = result::kHaltedOpenRelay;
  EXPECT_THAT(warnings(report), ElementsAre(HasSubstr("Passing on was not seen"), HasSubstr("OPEN RELAY"),
                                            HasSubstr("never asks for a client certificate")));
}

TEST(Describe, WhereNoControlIsAcceptedOneOfThoseIsNamed) {
  result::Report report;
  report.passingOnSeen = true;
  report.halted = result::kHaltedNoControl;
  for (const auto& [id, verdict] : {std::pair("nothing", "deny"), std::pair("by-certificate", "relay")}) {
    result::CaseResult& one = report.results.emplace_back();
    one.id = id;
    one.why = std::string("denied ") + id;
    one.outcome = result::Outcome::inconclusive;
    result::Recipient recipient;
    recipient.expected = {{verdict, {}, {}}};
    one.sessions.emplace_back().transactions = {{"a@b", {recipient}, false}};
  }
  EXPECT_THAT(warnings(report),
              ElementsAre("The run ended early: no positive control.", "by-certificate: denied by-certificate"));
}

TEST(Describe, TheFingerprintIsALineAnOption) {
  result::Report report;
  EXPECT_THAT(fingerprintLines(report), testing::IsEmpty());
  report.fingerprint = Json::parse(R"({"assignments": 2, "options": {
      "patternDepth": {"values": ["any"], "cases": ["a"]}, "denyStage": {"values": ["rcpt", "data"], "cases": ["a", "b"]}}})");
  EXPECT_THAT(fingerprintLines(report), ElementsAre("patternDepth: any (1 case)", "denyStage: rcpt, data (2 cases)"));
}

}  // namespace
}  // namespace relayproof::report
