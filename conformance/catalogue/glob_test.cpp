#include "conformance/catalogue/glob.h"

#include <gtest/gtest.h>

namespace relayproof::catalogue {
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

TEST(Glob, TagsAreAskedForByName) {
  Case one;
  one.id = "tag.case";
  one.tags = {"cve-2009-2408", "nul"};
  EXPECT_TRUE(filterMatches("tag:nul", one));
  EXPECT_TRUE(filterMatches("tag:cve-*", one));
  EXPECT_FALSE(filterMatches("tag:case", one));
  EXPECT_FALSE(filterMatches("nul", one));
  EXPECT_TRUE(filterMatches("tag.case", one));
}

}  // namespace
}  // namespace relayproof::catalogue
