#include "runners/invariants.h"

#include <gtest/gtest.h>

namespace relayproof::worlds {
namespace {

class EachInvariant : public testing::TestWithParam<std::size_t> {};

TEST_P(EachInvariant, HoldsInManyWorlds) {
  constexpr int kWorlds = kSanitized ? 1'000 : 10'000;
  Worlds worlds(static_cast<unsigned>(GetParam()) + 1);
  for (int i = 0; i < kWorlds; ++i) {
    const World world = worldIn(Draw(worlds.next()));
    if (!isInOrder(world)) continue;
    const std::string how = kInvariants[GetParam()].broken(world, ofTheCore(world));
    ASSERT_EQ(how, "") << question(world);
  }
}
INSTANTIATE_TEST_SUITE_P(Of, EachInvariant, testing::Range(std::size_t{0}, kInvariants.size()),
                         [](const auto& one) { return std::string(kInvariants[one.param].name); });

// A check that nothing breaks says nothing: an answer that another world gave breaks those that compare.
TEST(Invariants, AreBrokenByAWrongAnswer) {
  const Answer wrong{"deny", "nobody", {"3b"}};
  Worlds worlds(1);
  std::set<std::string_view> broken;
  for (int i = 0; i < 1'000; ++i) {
    const World world = worldIn(Draw(worlds.next()));
    if (!isInOrder(world)) continue;
    for (const Invariant& one : kInvariants)
      if (!one.broken(world, wrong).empty()) broken.insert(one.name);
  }
  EXPECT_TRUE(broken.contains("ATenantOfNobodysBusinessChangesNothing"));
  EXPECT_TRUE(broken.contains("OrderIsIrrelevant"));
  EXPECT_TRUE(broken.contains("AsciiCaseIsIrrelevant"));
  EXPECT_TRUE(broken.contains("WithoutAConnectorNothingMoreIsRelayed"));
}

}  // namespace
}  // namespace relayproof::worlds
