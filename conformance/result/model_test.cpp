#include "conformance/result/model.h"

#include <gmock/gmock.h>

#include "conformance/result/test_support.h"

namespace relayproof::result {
namespace {

using testing::HasSubstr;

std::string golden(const std::string& file) {
  return *readFile(std::string(RELAYPROOF_SOURCE_DIR) + "/conformance/result/" + file);
}

TEST(Model, GoldenReportComesBackAsItIs) {
  const std::string text = golden("report_golden.json");
  const Expected<Report> read = readReport(text, "report_golden.json");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(dump(toJson(*read), 2) + "\n", text);
  ASSERT_EQ(read->results.size(), 2U);
  EXPECT_EQ(read->results[0].failure, Class::hole);
  EXPECT_EQ(read->results[0].sessions[0].transactions[0].recipients[0].observed.passedOn, "next-hop");
  EXPECT_EQ(read->results[0].sessions[0].transactions[0].recipients[0].expected[0].tenant, std::nullopt);
  EXPECT_TRUE(read->results[1].sessions[0].transactions[1].smuggled);
  EXPECT_EQ(read->seed, 18446744073709551615U);
}

TEST(Model, FaultsAreNamedByFileAndKey) {
  const auto errorOf = [](const std::string& text) {
    const Expected<Report> read = readReport(text, "r.json");
    return read ? "" : read.error().text();
  };
  EXPECT_THAT(errorOf("{}"), HasSubstr("r.json: the key \"schema\" is missing"));
  EXPECT_THAT(errorOf(R"({"schema":"relayproof.report/9"})"), HasSubstr("r.json: schema: is not relayproof.report/1"));
  std::string text = golden("report_golden.json");
  text.replace(text.find("\"outcome\": \"fail\""), 17, "\"outcome\": \"maybe\"");
  EXPECT_THAT(errorOf(text), HasSubstr("results[0].outcome: is none of the known words"));
}

TEST(Model, OctetsThatAreNoTextAreReplaced) {
  CaseResult odd = resultOf("a.b", Outcome::pass);
  odd.why = "\xff\xfe";
  EXPECT_THAT(dump(toJson(odd), -1), HasSubstr("\"why\":\"\xef\xbf\xbd\xef\xbf\xbd\""));
}

TEST(Model, CoverageCountsWhatWasJudged) {
  EXPECT_EQ(summarise(reportOf({})).coverage, 1);
  const Summary summary =
      summarise(reportOf({resultOf("a", Outcome::pass), resultOf("b", Outcome::fail, Class::hole),
                          resultOf("c", Outcome::xfail, Class::reply), resultOf("d", Outcome::observed),
                          resultOf("e", Outcome::skip), resultOf("f", Outcome::inconclusive)}));
  EXPECT_EQ(summary.total, 6);
  EXPECT_EQ(summary.coverage, 0.75);
  Report cutShort = reportOf({resultOf("a", Outcome::pass), resultOf("d", Outcome::observed)});
  cutShort.selected = 11;
  EXPECT_EQ(summarise(cutShort).coverage, 0.1) << "what a run did not come to was not judged";
  EXPECT_EQ(summary.classes.at(Class::hole), 1);
  EXPECT_EQ(summary.classes.at(Class::reply), 0) << "what was expected is no news";
}

}  // namespace
}  // namespace relayproof::result
