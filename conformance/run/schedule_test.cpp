#include "conformance/run/schedule.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "conformance/catalogue/test_support.h"
#include "conformance/run/run.h"

namespace relayproof::run {
namespace {

using catalogue::Case;
using catalogue::Catalogue;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kProfile = "exo-2017";

const Catalogue& shipped() {
  static const Catalogue catalogue = catalogue::load(RELAYPROOF_SOURCE_DIR "/corpus").value();
  return catalogue;
}

std::vector<const Case*> allCases() { return catalogue::select(shipped(), {}).value(); }

Schedule shippedSchedule(std::size_t size) {
  return schedule(shipped(), allCases(), controlsOf(shipped(), {}), kProfile, size);
}

std::vector<std::string> ids(const Batch& batch) {
  std::vector<std::string> found;
  for (const Case* one : batch.cases) found.push_back(one->id);
  return found;
}

std::size_t placeOf(const Batch& batch, const Case* one) {
  return static_cast<std::size_t>(std::find(batch.cases.begin(), batch.cases.end(), one) - batch.cases.begin());
}

class ShippedSchedule : public testing::TestWithParam<std::size_t> {
 protected:
  Schedule schedule_ = shippedSchedule(GetParam());
};

TEST(Schedule, ThoseThatWaitDoSoInTheLastBatches) {
  const Schedule usual = shippedSchedule(kBatchSize);
  std::size_t waiting = 0;
  for (const Batch& batch : usual.batches) {
    const bool any = std::any_of(batch.cases.begin(), batch.cases.end(), [](const Case* one) { return waits(*one); });
    EXPECT_TRUE(any || waiting == 0);
    waiting += any;
  }
  EXPECT_GE(waiting, 1U);
  EXPECT_LE(waiting, 4U);  // what they and their twins take
}

TEST_P(ShippedSchedule, EveryCaseRunsBesideItsTwinTheFirstTime) {
  const std::vector<const Case*> selected = allCases();
  ASSERT_GT(selected.size(), 100U);
  std::set<const Case*> met;
  for (const Batch& batch : schedule_.batches)
    for (const Case* one : batch.cases) {
      if (!met.insert(one).second) continue;
      const Case* twin = shipped().twinOf(*one, kProfile);
      if (!twin) continue;
      EXPECT_LT(placeOf(batch, twin), placeOf(batch, one)) << one->id << " without " << twin->id;
    }
  const auto& last = schedule_.afterReload.cases;
  for (const Case* one : selected) {
    EXPECT_NE(met.contains(one), std::find(last.begin(), last.end(), one) != last.end()) << one->id;
    EXPECT_NE(met.contains(one), one->afterReload) << one->id;
  }
}

TEST_P(ShippedSchedule, NoCaseStandsTwiceInABatch) {
  for (const Batch& batch : schedule_.batches) {
    const std::set<const Case*> distinct(batch.cases.begin(), batch.cases.end());
    EXPECT_EQ(distinct.size(), batch.cases.size());
  }
}

TEST_P(ShippedSchedule, BatchesKeepTheirSize) {
  for (const Batch& batch : schedule_.batches) {
    std::set<const Case*> twins;
    for (const Case* one : batch.cases)
      if (const Case* twin = shipped().twinOf(*one, kProfile)) twins.insert(twin);
    const auto own =
        std::count_if(batch.cases.begin(), batch.cases.end(), [&](const Case* one) { return !twins.contains(one); });
    EXPECT_LE(static_cast<std::size_t>(own), GetParam()) << testing::PrintToString(ids(batch));
  }
}

TEST_P(ShippedSchedule, CasesOfOneTwinFollowEachOther) {
  std::set<const Case*> twins, met;
  for (const Case* one : allCases()) twins.insert(shipped().twinOf(*one, kProfile));
  std::vector<std::string> order;  // of twins, as the cases come that are nobody's twin
  std::map<std::string, std::set<std::size_t>> batchesOf;
  std::map<std::string, std::size_t> members;
  for (std::size_t i = 0; i < schedule_.batches.size(); ++i)
    for (const Case* one : schedule_.batches[i].cases) {
      const Case* twin = shipped().twinOf(*one, kProfile);
      if (!twin || twins.contains(one) || !met.insert(one).second) continue;
      if (order.empty() || order.back() != twin->id) order.push_back(twin->id);
      batchesOf[twin->id].insert(i);
      ++members[twin->id];
    }
  EXPECT_EQ(std::set<std::string>(order.begin(), order.end()).size(), order.size());
  for (const auto& [twin, batches] : batchesOf) {
    if (2 * members[twin] >= GetParam()) continue;
    EXPECT_LE(batches.size(), 2U) << twin;
  }
}

TEST_P(ShippedSchedule, SessionsCountTheControlsAroundEachBatch) {
  ASSERT_THAT(schedule_.controls, Not(IsEmpty()));
  std::size_t cases = 0;
  for (const Batch& batch : schedule_.batches) cases += batch.cases.size();
  const AfterReload& last = schedule_.afterReload;
  ASSERT_THAT(last.cases, Not(IsEmpty()));
  cases += last.twins.size() + last.shows.size() + last.cases.size();
  EXPECT_EQ(schedule_.sessions(), cases + (schedule_.batches.size() + 2) * schedule_.controls.size());
}

INSTANTIATE_TEST_SUITE_P(Sizes, ShippedSchedule, testing::Values(1, 2, 7, 48, 1000));

TEST(Schedule, OfOneCase) {
  const catalogue::test::Corpus corpus(catalogue::test::smallFamily());
  const Catalogue catalogue = corpus.loaded();
  const Case* other = catalogue.find("small.other-name");
  const auto controls = controlsOf(catalogue, {});
  ASSERT_THAT(controls, SizeIs(1));
  const Schedule plan = schedule(catalogue, {other}, controls, kProfile, 48);
  ASSERT_THAT(plan.batches, SizeIs(1));
  EXPECT_THAT(ids(plan.batches[0]), ElementsAre("small.exact", "small.other-name"));
  EXPECT_EQ(plan.sessions(), 4U);
  EXPECT_EQ(schedule(catalogue, {}, controls, kProfile, 48).sessions(), 1U);
}

TEST(Schedule, ATwinThatNeedsATwinItselfBringsIt) {
  Json family = catalogue::test::smallFamily();
  family["cases"]["half"] =
      Json::parse(R"({"why": "W.", "certificate": null, "recipients": ["local:little", "external"],
    "expect": {"all": {"local:little": ["deliver"], "external": ["deny"]}}, "twin": "local"})");
  family["cases"]["of-half"] = Json::parse(R"({"why": "W.", "certificate": null, "ehlo": "mail.small.test",
    "expect": {"all": ["deny"]}, "twin": "half"})");
  const catalogue::test::Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Schedule plan =
      schedule(catalogue, {catalogue.find("small.of-half"), catalogue.find("small.half")}, {}, kProfile, 48);
  ASSERT_THAT(plan.batches, SizeIs(1));
  EXPECT_THAT(ids(plan.batches[0]), ElementsAre("small.local", "small.half", "small.of-half"));
}

TEST(Controls, ThoseThatNeedWhatIsDeclaredAwayDoNotRun) {
  const auto all = controlsOf(shipped(), {});
  const auto some = controlsOf(shipped(), {"local-delivery"});
  EXPECT_THAT(all, Contains(shipped().find("controls.local-delivery")));
  EXPECT_THAT(some, Not(Contains(shipped().find("controls.local-delivery"))));
  EXPECT_THAT(some, Contains(shipped().find("controls.nothing")));
  EXPECT_LT(some.size(), all.size());
}

TEST(Shards, HoldEachCaseOnceBesideItsTwinWhateverIsSelected) {
  const std::vector<const Case*> all = allCases();
  const std::size_t count = 5;
  std::map<const Case*, std::size_t> shard;
  for (std::size_t i = 0; i < count; ++i) {
    const auto mine = shardOf(shipped(), all, kProfile, i, count);
    EXPECT_GT(mine.size(), all.size() / count / 4) << "shard " << i;
    for (const Case* one : mine) EXPECT_TRUE(shard.emplace(one, i).second) << one->id;
  }
  EXPECT_THAT(shard, SizeIs(all.size()));
  for (const Case* one : all)
    if (const Case* twin = shipped().twinOf(*one, kProfile); twin && shard.contains(twin)) {
      EXPECT_EQ(shard.at(one), shard.at(twin)) << one->id;
    }
  for (const Case* one : all)
    EXPECT_THAT(shardOf(shipped(), {one}, kProfile, shard.at(one), count), ElementsAre(one)) << one->id;
}

TEST(Shuffle, IsTheSameForOneSeedAndHoldsTheSameCases) {
  const auto order = [](std::optional<std::uint64_t> seed) {
    std::vector<std::string> found;
    for (const Batch& batch :
         schedule(shipped(), allCases(), controlsOf(shipped(), {}), kProfile, kBatchSize, seed).batches)
      for (const Case* one : batch.cases) found.push_back(one->id);
    return found;
  };
  EXPECT_EQ(order(7), order(7));
  EXPECT_NE(order(7), order(8));
  EXPECT_NE(order(7), order(std::nullopt));
  const auto once = [](const std::vector<std::string>& many) {
    return std::set<std::string>(many.begin(), many.end());
  };
  EXPECT_EQ(once(order(7)), once(order(std::nullopt)));
}

}  // namespace
}  // namespace relayproof::run
