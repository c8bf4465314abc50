#include "certs/verify.h"

#include <gmock/gmock.h>

#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

using testing::ElementsAre;
using testing::Optional;

ChainFacts factsOf(std::string_view blueprint, std::int64_t at = kTestTime) {
  return verifyChain(issue(blueprint).chain, sharedMint().trustAnchors(), at);
}

struct Row {
  const char* blueprint;
  const char* error;  // OpenSSL's words, "" where the chain verifies
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.blueprint; }

class EachShape : public testing::TestWithParam<Row> {};

TEST_P(EachShape, GivesTheErrorThatItIsMeantToGive) {
  const ChainFacts facts = factsOf(GetParam().blueprint);
  EXPECT_EQ(facts.error, GetParam().error) << GetParam().blueprint;
  EXPECT_EQ(facts.verified, *GetParam().error == '\0');
}

INSTANTIATE_TEST_SUITE_P(
    Verify, EachShape,
    testing::Values(Row{R"({})", ""}, Row{R"({"dns":["mail.names.test"]})", ""}, Row{R"({"issuer":"root"})", ""},
                    Row{R"({"issuer":"server-only"})", ""}, Row{R"({"issuer":"path-length-zero"})", ""},
                    Row{R"({"issuer":"named-like-a-relay"})", ""}, Row{R"({"ca":true})", ""},
                    Row{R"({"sanForm":"critical","dns":["mail.names.test"]})", ""},
                    // OpenSSL alone gives up on most of these; what they mean is the profile's to say, and no other
                    // fault is hidden.
                    Row{R"({"sanForm":"empty"})", ""},
                    Row{R"({"sanForm":"undecodable","dns":["mail.names.test"]})", ""},
                    Row{R"({"sanForm":"twice-first","dns":["a.test"],"sanOther":[{"dns":"b.test"}]})", ""},
                    Row{R"({"sanForm":"undecodable","signature":"broken"})", "certificate signature failure"},
                    Row{R"({"sanForm":"undecodable","notAfter":"2025-12-31T00:00:00Z"})", "certificate has expired"},
                    Row{R"({"sanForm":"undecodable","issuer":"self"})", "self-signed certificate"},
                    Row{R"({"issuer":"unknown-intermediate"})", "unable to get local issuer certificate"},
                    Row{R"({"issuer":"unknown-intermediate","chain":["leaf","unknown-intermediate","unknown-root"]})",
                        "self-signed certificate in certificate chain"},
                    Row{R"({"issuer":"unknown-root"})", "unable to get local issuer certificate"},
                    Row{R"({"issuer":"same-name-as-root"})", "unable to get local issuer certificate"},
                    Row{R"({"issuer":"key-of-root","chain":["leaf"]})", "unable to get local issuer certificate"},
                    Row{R"({"issuer":"self"})", "self-signed certificate"},
                    Row{R"({"chain":["leaf"]})", "unable to get local issuer certificate"},
                    Row{R"({"chain":["leaf","root"]})", "unable to get local issuer certificate"},
                    Row{R"({"chain":["leaf","root","intermediate"]})", ""},
                    Row{R"({"issuer":"expired-intermediate"})", "certificate has expired"},
                    Row{R"({"notAfter":"2025-12-31T00:00:00Z"})", "certificate has expired"},
                    Row{R"({"notBefore":"2030-01-01T00:00:00Z"})", "certificate is not yet valid"},
                    Row{R"({"issuer":"no-ca"})", "invalid CA certificate"},
                    Row{R"({"issuer":"below-path-length-zero"})", "path length constraint exceeded"},
                    Row{R"({"signature":"broken"})", "certificate signature failure"},
                    Row{R"({"signature":"foreign"})", "certificate signature failure"},
                    Row{R"({"signature":"foreign","issuer":"root"})", "certificate signature failure"},
                    Row{R"({"issuer":"constrained","dns":["mail.constrained.test"]})", ""},
                    Row{R"({"issuer":"constrained","dns":["mail.evil.test"]})", "permitted subtree violation"},
                    Row{R"({"issuer":"constrained","dns":["a.secret.constrained.test"]})",
                        "excluded subtree violation"},
                    Row{R"({"issuer":"constrained","cn":"mail.evil.test"})", ""},
                    Row{R"({"issuer":"constrained","cn":"mail.evil.test","dns":["mail.constrained.test"]})", ""}));

TEST(Verify, AMalformedTimeIsTheSameUnderEveryOpenSsl) {
  for (const char* time : {"4912312359Z", "490230000000Z", ""})
    EXPECT_EQ(factsOf(std::string(R"({"notAfter":{"UTCTime":")") + time + "\"}}").error,
              "the certificate cannot be decoded");
}

TEST(Verify, TimeIsTheCallers) {
  constexpr std::string_view blueprint = R"({"notBefore":"2026-01-01T00:00:01Z","notAfter":"2026-01-01T00:00:02Z"})";
  EXPECT_FALSE(factsOf(blueprint, kTestTime).verified);
  EXPECT_TRUE(factsOf(blueprint, kTestTime + 1).verified);
  EXPECT_FALSE(factsOf(blueprint, kTestTime + 3).verified);
}

TEST(Verify, NothingAndRubbish) {
  EXPECT_FALSE(verifyChain({}, sharedMint().trustAnchors(), kTestTime).verified);
  EXPECT_FALSE(verifyChain({"rubbish"}, sharedMint().trustAnchors(), kTestTime).verified);
  const Fixture good = issue("{}");
  EXPECT_FALSE(verifyChain({good.leaf, "rubbish"}, sharedMint().trustAnchors(), kTestTime).verified);
  EXPECT_FALSE(verifyChain(good.chain, {}, kTestTime).verified);
}

// What a verifier keeps of earlier chains must lend nothing to a later one.
TEST(Verify, EachChainStandsAlone) {
  ChainVerifier verifier(sharedMint().trustAnchors());
  const Fixture good = issue("{}");
  const Fixture late = issue(R"({"notAfter":"2026-01-01T00:00:02Z"})");
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(verifier.verify(good.chain, kTestTime).verified);
    EXPECT_FALSE(verifier.verify({good.leaf}, kTestTime).verified) << "the intermediate was sent by another";
    EXPECT_FALSE(verifier.verify({good.leaf, "rubbish"}, kTestTime).verified);
    EXPECT_TRUE(verifier.verify(late.chain, kTestTime).verified);
    EXPECT_FALSE(verifier.verify(late.chain, kTestTime + 3).verified);
  }
  ChainVerifier none({});
  EXPECT_FALSE(none.verify(good.chain, kTestTime).verified);
}

// A CA of the user's own may stand below somebody's root.
TEST(Verify, AnAnchorNeedNotBeARoot) {
  const std::vector<std::string> anchors{sharedMint().authorities().at("intermediate")};
  EXPECT_TRUE(verifyChain(issue("{}").chain, anchors, kTestTime).verified);
  EXPECT_FALSE(verifyChain(issue(R"({"issuer":"root"})").chain, anchors, kTestTime).verified);
  EXPECT_FALSE(verifyChain(issue(R"({"issuer":"unknown-intermediate"})").chain, anchors, kTestTime).verified);
}

TEST(Verify, PurposesAreThoseThatEveryCertificateAllows) {
  EXPECT_THAT(factsOf("{}").extendedKeyUsage, Optional(ElementsAre("clientAuth", "serverAuth")));
  EXPECT_THAT(factsOf(R"({"issuer":"server-only"})").extendedKeyUsage, Optional(ElementsAre("serverAuth")));
  EXPECT_THAT(factsOf(R"({"issuer":"server-only","extendedKeyUsage":null})").extendedKeyUsage,
              Optional(ElementsAre("serverAuth")));
  EXPECT_THAT(factsOf(R"({"issuer":"server-only","extendedKeyUsage":["clientAuth"]})").extendedKeyUsage,
              Optional(ElementsAre()));
  EXPECT_THAT(factsOf(R"({"extendedKeyUsage":["codeSigning","1.2.3"]})").extendedKeyUsage,
              Optional(ElementsAre("1.3.6.1.5.5.7.3.3", "1.2.3")));
  EXPECT_EQ(factsOf(R"({"extendedKeyUsage":null})").extendedKeyUsage, std::nullopt);
  EXPECT_EQ(factsOf(R"({"extendedKeyUsage":["any"]})").extendedKeyUsage, (std::vector<std::string>{"any"}));
}

TEST(Verify, CommonNameUnderDnsConstraint) {
  const auto outside = [](const std::string& rest) {
    const ChainFacts facts = factsOf(R"({"issuer":"constrained",)" + rest + "}");
    EXPECT_TRUE(facts.verified) << rest;
    return !facts.commonNamesOutsideConstraint.empty();
  };
  EXPECT_FALSE(outside(R"("cn":"mail.constrained.test")"));
  EXPECT_FALSE(outside(R"("cn":"MAIL.Constrained.TEST")"));
  EXPECT_FALSE(outside(R"("cn":"constrained.test")"));
  EXPECT_FALSE(outside(R"("cn":"A free text with a . in it")"));
  EXPECT_FALSE(outside(R"("cn":{"BMPString":"mail.constrained.test"})"));
  EXPECT_TRUE(outside(R"("cn":"mail.evil.test")"));
  EXPECT_TRUE(outside(R"("cn":{"BMPString":"mail.evil.test"})"));
  EXPECT_TRUE(outside(R"("cn":"evilconstrained.test")"));
  EXPECT_TRUE(outside(R"("cn":"*.evil.test")"));
  EXPECT_TRUE(outside(R"("cn":["mail.constrained.test","mail.evil.test"])"));
  EXPECT_TRUE(outside(R"("cn":"mail.evil.test","dns":["mail.constrained.test"])"));
  EXPECT_TRUE(outside(R"("cn":"mail.evil.test","san":[{"ip":"192.0.2.1"}])"));
  EXPECT_TRUE(outside(R"("cn":"a.secret.constrained.test")"));
  EXPECT_TRUE(outside(R"("cn":"*.constrained.test")"));
  EXPECT_FALSE(outside(R"("cn":"*.mail.constrained.test")"));
  EXPECT_FALSE(outside(R"("cn":"mail.constrained.test.")"));
  EXPECT_TRUE(outside(R"("cn":"mail.evil.test.")"));
  EXPECT_THAT(factsOf(R"({"cn":"mail.evil.test"})").commonNamesOutsideConstraint, ElementsAre());
  EXPECT_THAT(factsOf(R"({"issuer":"constrained","cn":["a.constrained.test","a.evil.test","A text","b.evil.test"]})")
                  .commonNamesOutsideConstraint,
              ElementsAre(1, 3));
}

TEST(Verify, ValidThroughItsLastSecond) {
  const Fixture brief = issue(R"({"notBefore":"2026-01-01T00:00:00Z","notAfter":"2030-01-01T00:00:00Z"})");
  const auto verified = [&](std::int64_t at) {
    return verifyChain(brief.chain, sharedMint().trustAnchors(), at).verified;
  };
  const std::int64_t last = 1'893'456'000;
  EXPECT_FALSE(verified(kTestTime - 1));
  EXPECT_TRUE(verified(kTestTime));
  EXPECT_TRUE(verified(last));
  EXPECT_FALSE(verified(last + 1));
}

TEST(Verify, NamesCrl) {
  EXPECT_FALSE(factsOf("{}").namesCrl);
  EXPECT_TRUE(factsOf(R"({"extensions":[{"oid":"2.5.29.31","hex":
      "301d301ba019a0178615687474703a2f2f63726c2e746573742f612e63726c"}]})")
                  .namesCrl);
}

}  // namespace
}  // namespace relayproof::certs
