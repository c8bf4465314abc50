#include "certs/answers.h"

#include <gmock/gmock.h>

#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

Expected<FixtureSet> setWith(const std::string& fixture, const std::string& rest = "") {
  return readDocument(R"({"set":"s","fixtures":{"a.b":{"why":"w","certificate":{})" + fixture + "}}" + rest + "}",
                      "set.json", readSet);
}

TEST(Answers, BothAcceptWhereNothingIsSaid) {
  const SetEntry entry = setWith("", R"(,"twin":"good")").value().entries.front();
  EXPECT_EQ(entry.verify.dump(), R"({"openssl":"accepted","gnutls":"accepted"})");
  EXPECT_EQ(entry.twin, "");
}

TEST(Answers, AFixturesOwnComeBeforeThoseOfTheSet) {
  const std::string rules = R"(,"twin":"good","verify":[{"fixtures":["c.*"],"gnutls":"no"},
      {"fixtures":["a.*"],"gnutls":["expired","accepted"]}])";
  const SetEntry byRule = setWith("", rules).value().entries.front();
  EXPECT_EQ(byRule.verify.dump(), R"({"openssl":"accepted","gnutls":["expired","accepted"]})");
  EXPECT_EQ(byRule.twin, "good");
  const SetEntry own =
      setWith(R"(,"twin":"t","verify":{"withCrls":{"openssl":"revoked"}})", rules).value().entries.front();
  EXPECT_EQ(own.verify.dump(), R"({"openssl":"accepted","gnutls":"accepted",)"
                               R"("withCrls":{"openssl":"revoked","gnutls":"accepted"}})");
  EXPECT_EQ(own.twin, "t");
}

TEST(Answers, Mistakes) {
  EXPECT_THAT(setWith(R"(,"verify":{"nss":"no"})").error().text(),
              testing::HasSubstr("set.json: fixtures.a.b.verify.nss: unknown key; the libraries are openssl"));
  EXPECT_THAT(setWith("", R"(,"verify":[{"gnutls":"no"}])").error().text(),
              testing::HasSubstr("the key \"fixtures\" is missing"));
}

}  // namespace
}  // namespace relayproof::certs
