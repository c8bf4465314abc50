#include "certs/revocation.h"

#include <gtest/gtest.h>

#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

const std::string kUri = "http://127.0.0.1:2680/listing.crl";
constexpr const char* kLeaf =
    R"({"dns": ["a.b.test"], "issuer": "listing", "crl": ["http://{crl}/listing.crl"], "serial": {"hex": "4d01"}})";

std::string listBy(const std::string& authority, const char* blueprint) {
  return readDocument(blueprint, "list", [&](const Node& node) { return sharedMint().crl(authority, node); }).value();
}

Standing standingOf(const char* leaf, const ByUri& lists) {
  return certs::standingOf(issue(leaf).chain, sharedMint().trustAnchors(), lists, kTestTime);
}

TEST(Revocation, IsWhatACurrentListOfTheIssuerSays) {
  struct Row {
    const char* by;
    const char* list;
    Standing standing;
  };
  const Row rows[] = {
      {"listing", "{}", Standing::good},
      {"listing", R"({"revoked": [{"hex": "4d01"}]})", Standing::revoked},
      {"listing", R"({"revoked": [{"hex": "4d02"}, {"hex": "4d01"}]})", Standing::revoked},
      {"listing", R"({"revoked": [{"hex": "4d0100"}, {"hex": "4d"}]})", Standing::good},
      {"listing", R"({"nextUpdate": "2025-12-31T23:59:59Z"})", Standing::unknown},
      {"listing", R"({"thisUpdate": "2026-01-01T00:00:01Z"})", Standing::unknown},
      {"listing", R"({"signature": "broken"})", Standing::unknown},
      {"listing-other", R"({"revoked": [{"hex": "4d01"}]})", Standing::unknown},
  };
  for (const Row& row : rows)
    EXPECT_EQ(standingOf(kLeaf, {{kUri, listBy(row.by, row.list)}}), row.standing) << row.by << row.list;
}

TEST(Revocation, IsUnknownWhereThereIsNoList) {
  EXPECT_EQ(standingOf(kLeaf, {}), Standing::unknown);
  EXPECT_EQ(standingOf(kLeaf, {{kUri, "<html>"}}), Standing::unknown);
  EXPECT_EQ(standingOf(kLeaf, {{"http://127.0.0.1:2680/another.crl", listBy("listing", "{}")}}), Standing::unknown);
  EXPECT_EQ(standingOf(R"({"dns": ["a.b.test"]})", {}), Standing::notNamed);
}

TEST(Revocation, OfAListInTheIssuersNameIsAMatterOfTheKey) {
  const char* leaf =
      R"({"dns": ["a.b.test"], "issuer": "listing-forged", "crl": ["http://127.0.0.1:2680/listing.crl"]})";
  EXPECT_EQ(standingOf(leaf, {{kUri, listBy("listing-forged", "{}")}}), Standing::good);
  EXPECT_EQ(standingOf(leaf, {{kUri, listBy("listing-forger", "{}")}}), Standing::unknown);
  const char* other =
      R"({"dns": ["a.b.test"], "issuer": "listing-unallowed", "crl": ["http://127.0.0.1:2680/listing.crl"]})";
  EXPECT_EQ(standingOf(other, {{kUri, listBy("listing-unallowed", "{}")}}), Standing::unknown);
}

TEST(Revocation, OfAnAuthorityIsThatOfTheChain) {
  const std::string list = listBy("listing", R"({"revoked": [{"hex": "4d0f"}]})");
  EXPECT_EQ(standingOf(R"({"dns": ["a.b.test"], "issuer": "listed"})", {{kUri, list}}), Standing::revoked);
  EXPECT_EQ(standingOf(R"({"dns": ["a.b.test"], "issuer": "unlisted"})", {{kUri, list}}), Standing::good);
  EXPECT_EQ(standingOf(R"({"dns": ["a.b.test"], "issuer": "unlisted"})", {}), Standing::unknown);
}

TEST(Revocation, ListsAreWhereTheMintWasToldThatTheyAre) {
  const Mint mint = readDocumentFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/authorities.json", [](const Node& root) {
                      MintOptions options;
                      options.unsaid.crlAddress = "192.0.2.7:8080";
                      return Mint(root, options);
                    }).value();
  const std::string list =
      readDocument("{}", "list", [&](const Node& node) { return mint.crl("listing", node); }).value();
  EXPECT_EQ(
      certs::standingOf(issue(mint, "test", kLeaf).chain, {}, {{"http://192.0.2.7:8080/listing.crl", list}}, kTestTime),
      Standing::good);
}

}  // namespace
}  // namespace relayproof::certs
