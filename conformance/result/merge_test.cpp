#include "conformance/result/merge.h"

#include <gmock/gmock.h>

#include "conformance/result/diff.h"
#include "conformance/result/fingerprint.h"
#include "conformance/result/test_support.h"

namespace relayproof::result {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

CaseResult control(Outcome outcome) {
  CaseResult made = resultOf("controls.nothing", outcome);
  made.tags = {"control"};
  return made;
}

Report shard(const std::string& which, std::vector<CaseResult> results) {
  Report made = reportOf(std::move(results));
  made.shard = which;
  made.selected = static_cast<int>(made.results.size());
  made.passingOnSeen = true;
  return made;
}

TEST(Merge, MakesOneReportOfTheShardsWithTheirControlsOnce) {
  const Report one = shard("1/2", {control(Outcome::pass), resultOf("a", Outcome::pass)});
  const Report two =
      shard("2/2", {control(Outcome::fail), resultOf("b", Outcome::pass), resultOf("c", Outcome::inconclusive)});
  const auto whole = merge({{"1.json", one}, {"2.json", two}});
  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_THAT(whole->results, SizeIs(4));
  EXPECT_EQ(whole->results.front().outcome, Outcome::fail) << "a control counts as its gravest result";
  EXPECT_EQ(whole->selected, 4);
  EXPECT_EQ(whole->shard, "");
  EXPECT_EQ(whole->halted, std::nullopt);
  EXPECT_EQ(whole->results[2].id, "b");
}

TEST(Merge, KeepsTheCrashesOfEachShard) {
  const auto whole =
      merge({{"1.json", shard("1/2", {resultOf("a", Outcome::pass), resultOf("relay.crash-1", Outcome::fail)})},
             {"2.json", shard("2/2", {resultOf("b", Outcome::pass), resultOf("relay.crash-1", Outcome::fail)})}});
  ASSERT_TRUE(whole) << whole.error().text();
  ASSERT_THAT(whole->results, SizeIs(4));
  EXPECT_EQ(whole->results[1].id, "relay.crash-1");
  EXPECT_EQ(whole->results[3].id, "relay.crash-2");
}

TEST(Merge, FindsTheContradictionThatNoShardSees) {
  Values oneLabel, any;
  oneLabel.fill(kAnyValue);
  any = oneLabel;
  oneLabel[static_cast<std::size_t>(verdict::Option::patternDepth)] = 0b01;
  any[static_cast<std::size_t>(verdict::Option::patternDepth)] = 0b10;
  Report one = shard("1/2", {resultOf("a", Outcome::observed)});
  Report two = shard("2/2", {resultOf("b", Outcome::observed)});
  one.inForce.fill(0b11);
  two.inForce = one.inForce;
  one.results[0].evidence = {{oneLabel}};
  two.results[0].evidence = {{any}};
  const auto whole = merge({{"1.json", one}, {"2.json", two}});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->results.back().id, kContradiction);
  EXPECT_EQ(whole->fingerprint["assignments"], 0);
}

TEST(Merge, AShardThatEndedEarlyHasTheWholeEndEarly) {
  Report two = shard("2/2", {resultOf("b", Outcome::pass)});
  two.selected = 5;
  two.halted = kHaltedInterrupted;
  const auto whole = merge({{"1.json", shard("1/2", {resultOf("a", Outcome::pass)})}, {"2.json", two}});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->halted, kHaltedInterrupted);
  EXPECT_EQ(whole->selected, 6);
}

TEST(Merge, TakesTheShardsOfOneRunAndAllOfThem) {
  const Report one = shard("1/2", {}), two = shard("2/2", {});
  const auto errorOf = [](const std::vector<std::pair<std::string, Report>>& reports) {
    const auto merged = merge(reports);
    return merged ? "" : merged.error().text();
  };
  EXPECT_EQ(errorOf({{"1.json", one}, {"2.json", two}}), "");
  EXPECT_THAT(errorOf({{"1.json", one}}), HasSubstr("shard: 2/2 is missing"));
  EXPECT_THAT(errorOf({{"1.json", one}, {"again.json", one}}),
              HasSubstr("again.json: shard: 1/2 stands in 1.json too"));
  Report other = two;
  other.profile = "strict";
  EXPECT_THAT(errorOf({{"1.json", one}, {"2.json", other}}),
              HasSubstr("2.json: profile: is strict, and exo-2017 in 1.json"));
}

std::vector<std::string> lines(const std::vector<Change>& changes) {
  std::vector<std::string> all;
  for (const Change& change : changes)
    all.push_back(std::string(name(change.kind)) + " " + change.id + " " + change.before + " -> " + change.after);
  return all;
}

TEST(Diff, SaysWhatIsNewGravestFirst) {
  const Report before = reportOf({resultOf("mended", Outcome::fail, Class::refusal), resultOf("same", Outcome::pass),
                                  resultOf("known", Outcome::xfail, Class::hole), resultOf("worse", Outcome::pass),
                                  resultOf("deeper", Outcome::fail, Class::reply), resultOf("gone", Outcome::pass)});
  const Report after =
      reportOf({resultOf("mended", Outcome::pass), resultOf("same", Outcome::pass),
                resultOf("known", Outcome::fail, Class::hole), resultOf("worse", Outcome::fail, Class::refusal),
                resultOf("deeper", Outcome::fail, Class::hole), resultOf("added", Outcome::pass)});
  EXPECT_THAT(lines(diff(before, after)),
              ElementsAre("new-hole deeper fail reply -> fail hole", "new-fail worse pass -> fail refusal",
                          "changed known xfail hole -> fail hole", "gone gone pass -> ", "added added  -> pass",
                          "mended mended fail refusal -> pass"));
  EXPECT_THAT(diff(before, before), IsEmpty());
}

TEST(Diff, SeesAnAnswerThatChangedThoughBothAreRight) {
  Report before = reportOf({resultOf("a", Outcome::observed)});
  before.results[0].sessions.resize(1);
  before.results[0].sessions[0].transactions = {{"a@b", {{"c@d", {}, {"accept", "", 250, "", "", {}, {}}}}}};
  Report after = before;
  after.results[0].sessions[0].transactions[0].recipients[0].observed.verdict = "deny";
  before.fingerprint = Json::parse(R"({"options": {"patternDepth": {"values": ["any"], "cases": ["a"]}}})");
  after.fingerprint = Json::parse(R"({"options": {"patternDepth": {"values": ["oneLabel"], "cases": ["a"]}}})");
  EXPECT_THAT(lines(diff(before, after)), ElementsAre("changed a observed: accept -> observed: deny",
                                                      "changed fingerprint.patternDepth any -> oneLabel"));
}

}  // namespace
}  // namespace relayproof::result
