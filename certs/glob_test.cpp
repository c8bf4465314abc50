#include "certs/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace relayproof {
namespace {

TEST(Glob, StarAndQuestionMark) {
  EXPECT_TRUE(globMatches("names.dns.*", "names.dns.exact"));
  EXPECT_TRUE(globMatches("*", ""));
  EXPECT_TRUE(globMatches("*.exact", "names.dns.exact"));
  EXPECT_TRUE(globMatches("n*.d?s.*a*", "names.dns.exact"));
  EXPECT_TRUE(globMatches("*ab", "aab"));
  EXPECT_FALSE(globMatches("names.dns", "names.dns.exact"));
  EXPECT_FALSE(globMatches("", "x"));
  EXPECT_FALSE(globMatches("?", ""));
  EXPECT_FALSE(globMatches("names?dns*z", "names.dns.exact"));
  EXPECT_FALSE(globMatches("NAMES.*", "names.dns.exact"));
}

// Bounded by the product of the lengths, whatever the stars are.
TEST(Glob, ManyStarsAreNoTrap) {
  std::string stars;
  for (int i = 0; i < 200; ++i) stars += "*a";
  EXPECT_FALSE(globMatches(stars + "b", std::string(5'000, 'a')));
}

}  // namespace
}  // namespace relayproof
