#include <gmock/gmock.h>

#include <map>

#include "conformance/catalogue/compute.h"
#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::kTime;
using testing::HasSubstr;

certs::DomainMap mapOf(const Json& pairs) { return certs::DomainMap(Node(pairs, "map", "")); }

class OfOperator : public testing::Test {
 protected:
  Recast mapped(const Json& pairs, Json family = test::smallFamily()) {
    const Corpus corpus(family);
    catalogue_ = corpus.loaded();
    std::vector<const Case*> all;
    for (const Case& one : catalogue_.cases) all.push_back(&one);
    return ofOperator({catalogue_, mint_, bindings_}, mapOf(pairs), mint_, all, catalogue_.profiles.front(), kTime);
  }

  const certs::Mint mint_ = test::shippedMint();
  const Bindings bindings_;
  Catalogue catalogue_;
};

TEST_F(OfOperator, TenancyCertificatesAndPathsAreOfTheNewDomain) {
  const Recast lab = mapped({{"small.test", "lab.example"}});
  EXPECT_TRUE(lab.dropped.empty()) << lab.dropped.front().id << ": " << lab.dropped.front().why;
  EXPECT_EQ(lab.catalogue.cases.size(), catalogue_.cases.size());
  EXPECT_THAT(lab.catalogue.tenancy.dump(), HasSubstr("mail.lab.example"));
  EXPECT_THAT(lab.catalogue.tenancy.dump(), testing::Not(HasSubstr("small.test")));
  EXPECT_THAT(lab.catalogue.find("small.exact")->blueprint.dump(), HasSubstr("mail.lab.example"));
  EXPECT_EQ(address(lab.catalogue, {}, "local:little", true, "T"), "T@mail.lab.example");
}

TEST_F(OfOperator, WhoseVerdictChangesIsDroppedWithThoseThatNeedIt) {
  // The new domain lies below another's of the same tenant, so what was nobody's is now registered.
  Json family = test::smallFamily();
  family["tenants"][0]["acceptedDomains"].push_back(
      {{"name", "lab.example"}, {"type", "InternalRelay"}, {"matchSubDomains", true}});
  family["cases"]["foreign"] = Json::parse(R"({"why": "W.", "certificate": null, "address": "small-gateway",
    "sender": "a@stranger.test", "expect": {"all": ["deny"]}, "twin": "by-address"})");
  const Recast lab = mapped({{"stranger.test", "in.lab.example"}}, family);
  ASSERT_EQ(lab.dropped.size(), 1u);
  EXPECT_EQ(lab.dropped[0].id, "small.foreign");
  EXPECT_THAT(lab.dropped[0].why, HasSubstr("in these domains external has relay and no longer deny"));
}

TEST_F(OfOperator, WhatLosesItsPointIsDropped) {
  Json family = test::smallFamily();
  family["cases"]["look-alike"] = Json::parse(R"({"why": "W.", "certificate": {"dns": ["mail.smal1.test"]},
    "expect": {"all": ["deny"]}, "twin": "exact"})");
  family["cases"]["counted"] = Json::parse(R"({"why": "W.", "expect": {"all": ["relay 3b"]},
    "steps": [{"send": ["BDAT 25 LAST\r\nTo: somebody@small.test\r\n"]}, "plain dialogue"]})");
  const Recast lab = mapped({{"small.test", "lab.example"}}, family);
  std::map<std::string, std::string> why;
  for (const Dropped& one : lab.dropped) why[one.id] = one.why;
  EXPECT_THAT(why["small.look-alike"], HasSubstr("resembles small.test"));
  EXPECT_THAT(why["small.counted"], HasSubstr("octets of a chunk are counted"));
  EXPECT_EQ(why.size(), 2u);
}

TEST_F(OfOperator, ForeignAndExternalPathsAreMappedToo) {
  const Bindings bindings = inDomains({}, mapOf({{"foreign.example", "lab.example"}}));
  EXPECT_EQ(address(catalogue_, bindings, "foreign", true, "T"), "T@lab.example");
  EXPECT_EQ(address(catalogue_, bindings, "external", false, "T"), "T@elsewhere.example");
}

TEST_F(OfOperator, ADomainThatNoCaseKnowsIsAnError) {
  mapped({{"small.test", "lab.example"}});
  const auto error = unknownDomain(catalogue_, mapOf({{"smal.test", "lab.example"}}));
  ASSERT_TRUE(error);
  EXPECT_THAT(error->text(), HasSubstr("smal.test"));
  EXPECT_FALSE(unknownDomain(catalogue_, mapOf({{"elsewhere.example", "lab.example"}})));
}

}  // namespace
}  // namespace relayproof::catalogue
