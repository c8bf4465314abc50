#include "conformance/catalogue/filter.h"

#include <gtest/gtest.h>

namespace relayproof::catalogue {
namespace {

TEST(Filter, TagsAreAskedForByName) {
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
