#include "conformance/verdict/outcome_tree.h"

#include <gmock/gmock.h>

#include <initializer_list>

namespace relayproof::verdict {
namespace {

using testing::ElementsAre;

constexpr auto kA = Option::patternApex;
constexpr auto kB = Option::patternDepth;
constexpr auto kC = Option::registration;

Combination combination(std::initializer_list<Choices::Choice> trail, std::size_t outcome) {
  Combination result;
  for (const auto& choice : trail) result.trail[result.length++] = choice;
  result.outcome = outcome;
  return result;
}

TEST(OutcomeTree, NothingAsked) { EXPECT_THAT(optionsThatMatter(std::vector{combination({}, 0)}), ElementsAre()); }

TEST(OutcomeTree, AQuestionWhoseAnswersAgreeDoesNotMatter) {
  EXPECT_THAT(optionsThatMatter(std::vector{combination({{kA, 0}, {kB, 0}}, 0), combination({{kA, 0}, {kB, 1}}, 1),
                                            combination({{kA, 1}, {kB, 0}}, 0), combination({{kA, 1}, {kB, 1}}, 1)}),
              ElementsAre(kB));
}

TEST(OutcomeTree, AQuestionThatOpensAnotherMatters) {
  EXPECT_THAT(optionsThatMatter(std::vector{combination({{kA, 0}}, 0), combination({{kA, 1}, {kB, 0}}, 0),
                                            combination({{kA, 1}, {kB, 1}}, 1)}),
              ElementsAre(kB, kA));
}

// The two halves ask in another order and say the same: outcome 1 when both B and C are 1.
TEST(OutcomeTree, TheOrderOfAskingDoesNotMatter) {
  EXPECT_THAT(optionsThatMatter(std::vector{
                  combination({{kA, 0}, {kB, 0}}, 0), combination({{kA, 0}, {kB, 1}, {kC, 0}}, 0),
                  combination({{kA, 0}, {kB, 1}, {kC, 1}}, 1), combination({{kA, 1}, {kC, 0}}, 0),
                  combination({{kA, 1}, {kC, 1}, {kB, 0}}, 0), combination({{kA, 1}, {kC, 1}, {kB, 1}}, 1)}),
              ElementsAre(kB, kC));
}

// Asked A then B, or B then A: four outcomes, the same four.
TEST(OutcomeTree, AnAssumptionHoldsWithinItsBranch) {
  EXPECT_THAT(optionsThatMatter(std::vector{
                  combination({{kC, 0}, {kA, 0}, {kB, 0}}, 0), combination({{kC, 0}, {kA, 0}, {kB, 1}}, 1),
                  combination({{kC, 0}, {kA, 1}, {kB, 0}}, 2), combination({{kC, 0}, {kA, 1}, {kB, 1}}, 3),
                  combination({{kC, 1}, {kB, 0}, {kA, 0}}, 0), combination({{kC, 1}, {kB, 0}, {kA, 1}}, 2),
                  combination({{kC, 1}, {kB, 1}, {kA, 0}}, 1), combination({{kC, 1}, {kB, 1}, {kA, 1}}, 3)}),
              ElementsAre(kB, kA));
}

// What is assumed for one value must not bind the next. C makes a difference where B is 1 and A is 0, and nowhere else.
TEST(OutcomeTree, AnAssumptionEndsWithItsBranch) {
  EXPECT_THAT(optionsThatMatter(
                  std::vector{combination({{kC, 0}, {kB, 0}, {kA, 0}}, 0), combination({{kC, 0}, {kB, 0}, {kA, 1}}, 1),
                              combination({{kC, 0}, {kB, 1}, {kA, 0}}, 1), combination({{kC, 0}, {kB, 1}, {kA, 1}}, 0),
                              combination({{kC, 1}, {kA, 0}}, 0), combination({{kC, 1}, {kA, 1}, {kB, 0}}, 1),
                              combination({{kC, 1}, {kA, 1}, {kB, 1}}, 0)}),
              ElementsAre(kB, kA, kC));
}

// C makes a difference where A and B are both 1: the last value is followed as well as the first.
TEST(OutcomeTree, AnAssumptionMayBeTheLastValue) {
  EXPECT_THAT(optionsThatMatter(
                  std::vector{combination({{kC, 0}, {kB, 0}, {kA, 0}}, 0), combination({{kC, 0}, {kB, 0}, {kA, 1}}, 1),
                              combination({{kC, 0}, {kB, 1}, {kA, 0}}, 1), combination({{kC, 0}, {kB, 1}, {kA, 1}}, 0),
                              combination({{kC, 1}, {kA, 0}, {kB, 0}}, 0), combination({{kC, 1}, {kA, 0}, {kB, 1}}, 1),
                              combination({{kC, 1}, {kA, 1}}, 1)}),
              ElementsAre(kB, kA, kC));
}

}  // namespace
}  // namespace relayproof::verdict
