#include "conformance/wire/step.h"

#include <gtest/gtest.h>

namespace relayproof::wire {
namespace {

TEST(ReplyClass, MatchesDigitsAndWildDigits) {
  EXPECT_TRUE(matches({"220"}, 220));
  EXPECT_FALSE(matches({"220"}, 221));
  EXPECT_TRUE(matches({"5yz"}, 554));
  EXPECT_FALSE(matches({"5yz"}, 454));
  EXPECT_TRUE(matches({"25z"}, 252));
  EXPECT_FALSE(matches({"25z"}, 220));
  EXPECT_TRUE(matches({"4yz", "5yz"}, 421));
  EXPECT_FALSE(matches({}, 250));
  EXPECT_FALSE(matches({"25"}, 250));
  EXPECT_FALSE(matches({""}, 250));
}

std::vector<std::size_t> kinds(const std::vector<Step>& steps) {
  std::vector<std::size_t> indices;
  for (const Step& step : steps) indices.push_back(step.index());
  return indices;
}

TEST(PlainDialogue, SaysEhloAgainAfterTls) {
  using namespace step;
  EXPECT_EQ(kinds(plainDialogue("a.test", true, 2)),
            kinds({Connect{}, Ehlo{}, StartTls{}, Ehlo{}, Mail{}, Content{}, Mail{}, Content{}, Quit{}}));
  EXPECT_EQ(kinds(plainDialogue("a.test", false, 0)), kinds({Connect{}, Ehlo{}, Quit{}}));
  const std::vector<Step> steps = plainDialogue("a.test", true, 2);
  EXPECT_EQ(std::get<Ehlo>(steps[3]).name, "a.test");
  EXPECT_EQ(std::get<Content>(steps[7]).transaction, 1u);
}

}  // namespace
}  // namespace relayproof::wire
