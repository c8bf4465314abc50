#include "certs/own_root.h"

#include <gmock/gmock.h>

#include "certs/lint.h"
#include "certs/test_support.h"
#include "certs/verify.h"

namespace relayproof::certs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Fixture rootOf(const std::string& deviation = {}) {
  const std::string ca = deviation.find("\"ca\"") == std::string::npos ? R"(,"ca":true)" : "";
  return issue(R"({"cn":"lab root","issuer":"self","extendedKeyUsage":null)" + ca +
               (deviation.empty() ? "" : "," + deviation) + "}");
}

Expected<OwnRoot> read(const Fixture& root, const Fixture& keyOf) {
  return readOwnRoot(pem("CERTIFICATE", root.leaf), "root.pem", pem("PRIVATE KEY", keyOf.key), "root.key", kTestTime);
}

Mint mintUnder(const MintOptions& options) {
  return readDocumentFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/authorities.json",
                          [&](const Node& root) { return Mint(root, options); })
      .value();
}

TEST(OwnRoot, StandsForOursWhateverItsKey) {
  for (const char* key : {"p256", "p384", "rsa2048", "ed25519"}) {
    const Fixture root = rootOf(std::string(R"("key":")") + key + "\"");
    const OwnRoot own = read(root, root).value();
    const Mint mint = mintUnder({.root = &own});
    EXPECT_THAT(mint.trustAnchors(), ElementsAre(root.leaf));
    EXPECT_EQ(mint.authorityKey("root"), std::nullopt) << "a key of the user's own is handed to nobody";
    EXPECT_NE(mint.authorityKey("intermediate"), std::nullopt);
    const auto verdictOn = [&](const char* blueprint) {
      return verifyChain(issue(mint, "test", blueprint).chain, mint.trustAnchors(), kTestTime);
    };
    EXPECT_EQ(verdictOn(R"({"dns":["mail.contoso.test"]})").error, "") << key;
    EXPECT_EQ(verdictOn(R"({"issuer":"root"})").error, "") << key;
    EXPECT_FALSE(verdictOn(R"({"issuer":"unknown-intermediate"})").verified) << key;
    EXPECT_FALSE(verdictOn(R"({"issuer":"same-name-as-root"})").verified) << key;
    EXPECT_FALSE(verdictOn(R"({"signature":"foreign"})").verified) << key;
  }
}

// Whoever has the suite can derive all keys of a seed: not those of authorities that somebody's own root has signed.
TEST(OwnRoot, AuthoritiesBelowItHaveKeysThatOnlyItsHolderCanDerive) {
  const Fixture root = rootOf(), other = rootOf(R"("key":"p384")");
  const OwnRoot own = read(root, root).value(), another = read(other, other).value();
  const Mint mint = mintUnder({.root = &own});
  for (const char* name : {"intermediate", "constrained"}) {
    EXPECT_NE(mint.authorityKey(name), mintUnder({}).authorityKey(name)) << name;
    EXPECT_NE(mint.authorityKey(name), mintUnder({.root = &another}).authorityKey(name)) << name;
    EXPECT_NE(mint.authorityKey(name), mintUnder({.seed = 1, .root = &own}).authorityKey(name)) << name;
    EXPECT_EQ(mint.authorityKey(name), mintUnder({.root = &own}).authorityKey(name)) << name;
  }
  EXPECT_EQ(mint.seed(), 0U);
}

// A CA below somebody's root: what a peer needs of it is sent along, its root is not.
TEST(OwnRoot, MayStandBelowAnother) {
  const Fixture ca = issue(R"({"cn":"lab CA","ca":true,"extendedKeyUsage":null,"key":"rsa2048"})");
  const std::string root = sharedMint().authorities().at("root"),
                    between = sharedMint().authorities().at("intermediate");
  const auto mintBelow = [&](std::vector<std::string> certificates) {
    std::string text;
    for (const std::string& each : certificates) text += pem("CERTIFICATE", each);
    const OwnRoot own = readOwnRoot(text, "ca.pem", pem("PRIVATE KEY", ca.key), "ca.key", kTestTime).value();
    return mintUnder({.root = &own});
  };
  const auto verdictOn = [](const Mint& mint, const char* blueprint) {
    return verifyChain(issue(mint, "test", blueprint).chain, mint.trustAnchors(), kTestTime).error;
  };
  const Mint whole = mintBelow({ca.leaf, between, root});
  EXPECT_THAT(whole.trustAnchors(), ElementsAre(root));
  EXPECT_EQ(whole.authorities().at("root-issuer-2"), root);
  EXPECT_EQ(whole.authorityKey("root-issuer-2"), std::nullopt);
  const Fixture plain = issue(whole, "test", "{}");
  ASSERT_EQ(plain.chain.size(), 4U);
  EXPECT_EQ(plain.chain[2], ca.leaf);
  EXPECT_EQ(plain.chain[3], between);
  EXPECT_EQ(verifyChain(plain.chain, {root}, kTestTime).error, "");
  EXPECT_EQ(verdictOn(whole, R"({"chain":["leaf","intermediate"]})"), "");
  EXPECT_EQ(issue(whole, "test", R"({"chain":["leaf"]})").chain.size(), 1U);

  const Mint alone = mintBelow({ca.leaf});
  EXPECT_THAT(alone.trustAnchors(), ElementsAre(ca.leaf));
  EXPECT_EQ(verdictOn(alone, "{}"), "");
  EXPECT_EQ(verifyChain(issue(alone, "test", "{}").chain, {root}, kTestTime).verified, false)
      << "its issuer is missing";
  EXPECT_FALSE(verdictOn(alone, R"({"issuer":"unknown-intermediate"})").empty());

  for (const char* about :
       {R"({"issuer":"root"})", R"({"chain":["leaf","root"]})", R"({"issuer":"same-name-as-root"})"})
    EXPECT_TRUE(whole.isAboutMissingRoot(Json::parse(about))) << about;
  for (const char* other : {R"({})", R"({"issuer":"root","through":[2]})", R"({"issuer":"self"})"})
    EXPECT_FALSE(whole.isAboutMissingRoot(Json::parse(other))) << other;
  EXPECT_FALSE(sharedMint().isAboutMissingRoot(Json::parse(R"({"issuer":"root"})")));
}

TEST(OwnRoot, NeedsItsIssuersInOrder) {
  const Fixture ca = issue(R"({"cn":"lab CA","ca":true,"extendedKeyUsage":null})");
  const auto problem = [&](const std::string& above) {
    const auto read =
        readOwnRoot(pem("CERTIFICATE", ca.leaf) + pem("CERTIFICATE", sharedMint().authorities().at(above)), "ca.pem",
                    pem("PRIVATE KEY", ca.key), "ca.key", kTestTime);
    return read ? std::string() : read.error().text();
  };
  EXPECT_EQ(problem("intermediate"), "");
  EXPECT_THAT(problem("unknown-root"), HasSubstr("after it those of its issuers in their order"));
}

TEST(OwnRoot, TheAuthorityThatBearsItsNameBearsThatName) {
  const Fixture root = rootOf();
  const OwnRoot own = read(root, root).value();
  const auto names = [](const Mint& mint) { return mint.authorities().at("same-name-as-root"); };
  EXPECT_THAT(names(mintUnder({.root = &own})), HasSubstr("lab root"));
  EXPECT_THAT(names(sharedMint()), HasSubstr("relayproof root"));
  EXPECT_EQ(mintUnder({.root = &own}).authorityKey("key-of-root"), root.key);
}

TEST(OwnRoot, IsJudgedOnlyFromItsFirstSecondOn) {
  const Fixture late = rootOf(R"("notBefore":"2026-06-01T00:00:00Z")");
  const auto own = readOwnRoot(pem("CERTIFICATE", late.leaf), "c", pem("PRIVATE KEY", late.key), "k", 1'800'000'000);
  EXPECT_EQ(mintUnder({.root = &*own}).judgedAt(), 1'780'272'000);
  EXPECT_EQ(sharedMint().judgedAt(), kTestTime);
}

TEST(OwnRoot, WhatCannotIssueTheSetIsRefused) {
  const Fixture root = rootOf(), other = issue(sharedMint(), "other", R"({"issuer":"self","ca":true})");
  const auto problem = [&](const std::string& deviation) {
    const Fixture wrong = rootOf(deviation);
    return read(wrong, wrong).error().text();
  };
  EXPECT_THAT(read(root, other).error().text(), HasSubstr("root.key: is not the key of root.pem"));
  EXPECT_THAT(problem(R"("ca":false)"), HasSubstr("root.pem: is no CA's certificate"));
  EXPECT_THAT(problem(R"("pathLength":0)"), HasSubstr("root.pem: allows no intermediate below it"));
  EXPECT_THAT(problem(R"("notAfter":"2025-01-01T00:00:00Z")"), HasSubstr("does not verify: certificate has expired"));
  EXPECT_THAT(problem(R"("notBefore":"2027-01-01T00:00:00Z")"), HasSubstr("certificate is not yet valid"));
  EXPECT_THAT(readOwnRoot("", "root.pem", "", "root.key", kTestTime).error().text(), HasSubstr("root.pem: "));
  EXPECT_THAT(readOwnRoot(pem("CERTIFICATE", root.leaf), "root.pem", "no key", "root.key", kTestTime).error().text(),
              HasSubstr("root.key: holds no private key that can be read"));
}

TEST(MintOptions, CertificatesEndWhenTheyAreToldTo) {
  const Mint mint = mintUnder({.unsaid = {.notAfter = 2'145'830'400}});  // 2037-12-31
  const auto endsLate = [&](const char* blueprint) {
    const auto findings = lintChain(issue(mint, "test", blueprint).chain, kTestTime).value();
    return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.rule == "beyond-2038"; });
  };
  EXPECT_FALSE(endsLate(R"({"dns":["a.b.test"]})"));
  EXPECT_TRUE(endsLate(R"({"dns":["a.b.test"],"notAfter":"2045-01-01T00:00:00Z"})"));
}

}  // namespace
}  // namespace relayproof::certs
