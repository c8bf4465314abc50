// The set pki: as large as it promises, and no two of its certificates the same.
#include <gmock/gmock.h>

#include <map>

#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

TEST(PkiSet, HoldsWhatItPromises) {
  const FixtureSet set = shippedSet("pki");
  EXPECT_GE(set.entries.size(), 120U);
  EXPECT_FALSE(faultOfIds(set));
  const Json sources = Json::parse(*readFile(RELAYPROOF_SOURCE_DIR "/corpus/sources.json"))["sources"];
  std::map<std::string, std::string> seen;
  for (const SetEntry& entry : set.entries) {
    EXPECT_THAT(entry.why, testing::MatchesRegex("[A-Z].+\\.")) << entry.id;
    EXPECT_GT(entry.why.size(), 20U) << entry.id;
    EXPECT_FALSE(entry.sources.empty()) << entry.id;
    for (const std::string& source : entry.sources) EXPECT_TRUE(sources.contains(source)) << entry.id << ": " << source;
    const auto [first, fresh] = seen.emplace(entry.blueprint.dump(), entry.id);
    EXPECT_TRUE(fresh) << entry.id << " is " << first->second << " once more";
  }
}

}  // namespace
}  // namespace relayproof::certs
