#include "conformance/catalogue/case_fixtures.h"

#include <gmock/gmock.h>

#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

certs::FixtureSet setOf(const Catalogue& catalogue) {
  return readDocument(R"({"set":"core","twin":"plain","fixtures":{"plain":{"why":"w.","certificate":{}}},
      "verify":[{"fixtures":["small.unknown-*"],"openssl":"no"},{"fixtures":["small.default"],"gnutls":"never"}]})",
                      "core.json",
                      [&](const Node& root) {
                        certs::FixtureSet set = certs::readSet(root);
                        addFixturesOfCases(catalogue, root, set);
                        return set;
                      })
      .value();
}

TEST(CaseFixtures, EachCertificateOnceWithItsTwinAndWhatLibrariesMakeOfIt) {
  const test::Corpus corpus(test::smallFamily());
  const certs::FixtureSet set = setOf(corpus.loaded());
  std::vector<std::string> said;
  for (const certs::SetEntry& entry : set.entries)
    said.push_back(entry.id + "|" + entry.twin + "|" + entry.verify.dump());
  EXPECT_THAT(said,
              testing::ElementsAre(R"(plain||{"openssl":"accepted","gnutls":"accepted"})",
                                   R"(small.default|plain|{"openssl":"accepted","gnutls":"never"})",
                                   R"(small.other-name|small.default|{"openssl":"accepted","gnutls":"accepted"})",
                                   R"(small.unknown-authority|small.default|{"openssl":"no","gnutls":"accepted"})"));
  EXPECT_EQ(set.entries.back().verdicts["exo-2017"], Json({"deny", "refuse-tls"}));
}

}  // namespace
}  // namespace relayproof::catalogue
