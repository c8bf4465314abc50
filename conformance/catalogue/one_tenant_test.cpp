#include <gmock/gmock.h>

#include <set>

#include "conformance/catalogue/compute.h"
#include "conformance/catalogue/family.h"
#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::kTime;
using test::smallFamily;
using testing::ElementsAre;
using testing::HasSubstr;

// The address is a's and the sender b's: nothing for two tenants, 3a for one.
Json twoTenants() {
  return Json::parse(R"({"family": "pair", "title": "Two tenants",
    "tenants": [{"id": "a", "acceptedDomains": [{"name": "a.test"}],
                 "inboundConnectors": [{"name": "address", "senderIPAddresses": ["{gateway-of-a}"]}]},
                {"id": "b", "acceptedDomains": [{"name": "b.test"}]}],
    "addresses": {"gateway-of-a": "127.0.88.7"},
    "defaults": {"certificate": null, "address": "gateway-of-a", "sources": ["rule"], "since": "0.1"},
    "cases": {
      "own-sender": {"why": "The sender's own.", "sender": "local:a", "expect": {"all": ["relay a 3a"]}},
      "mixed": {"why": "The sender is b's.", "sender": "local:b", "expect": {"all": ["deny"]}, "twin": "own-sender"},
      "no-sender": {"why": "None.", "sender": "null", "expect": {"all": ["deny"]}, "twin": "own-sender"},
      "local": {"why": "Mail for b.", "recipients": ["local:b"], "expect": {"all": ["deliver b"]}}
    }})");
}

class InOneTenant : public testing::Test {
 protected:
  InOneTenant() : corpus_(smallFamily()) { corpus_.add(twoTenants()); }

  Recast reduced(const std::vector<std::string>& ids, const Bindings& bindings = {}) {
    catalogue_ = corpus_.loaded();
    std::vector<const Case*> cases;
    for (const std::string& id : ids) cases.push_back(catalogue_.find(id));
    return inOneTenant(catalogue_, cases, mint_, bindings, catalogue_.profiles.front(), kTime);
  }
  static std::vector<std::string> ids(const Catalogue& catalogue) {
    std::vector<std::string> all;
    for (const Case& one : catalogue.cases) all.push_back(one.id);
    return all;
  }

  Corpus corpus_;
  Catalogue catalogue_;
  const certs::Mint mint_ = test::shippedMint();
};

TEST_F(InOneTenant, WhatTwoTenantsMadeADenialIsDroppedByName) {
  const Recast one = reduced({"pair.mixed", "pair.no-sender", "pair.local"});
  EXPECT_THAT(ids(one.catalogue), ElementsAre("pair.own-sender", "pair.no-sender", "pair.local"));
  ASSERT_EQ(one.dropped.size(), 1U);
  EXPECT_EQ(one.dropped[0].id, "pair.mixed");
  EXPECT_EQ(one.dropped[0].why, "in one tenant external has relay and no longer deny");
}

TEST_F(InOneTenant, TheTenantsOfTheCasesAreMergedAndNoOthers) {
  const Recast both = reduced({"small.by-address", "pair.local"});
  ASSERT_EQ(both.catalogue.tenancy.at("tenants").size(), 1U);
  const Json& tenant = both.catalogue.tenancy.at("tenants")[0];
  EXPECT_EQ(tenant.at("id"), "relayproof");
  EXPECT_EQ(tenant.at("acceptedDomains").size(), 4U);
  std::vector<std::string> names;
  for (const Json& connector : tenant.at("inboundConnectors")) names.push_back(connector.at("name"));
  EXPECT_THAT(names, ElementsAre("a: address", "little: certificate", "little: address"));

  EXPECT_EQ(reduced({"pair.local"}).catalogue.tenancy.at("tenants")[0].at("acceptedDomains").size(), 2U);
}

TEST_F(InOneTenant, PathsAndAnswersStandForTheSameAsBefore) {
  Bindings bindings;
  bindings.recipients["local:b"] = "someone-{token}@b.test";
  const Recast one = reduced({"pair.own-sender", "pair.local"}, bindings);
  const auto paths = [&](const char* id) {
    return transactionsOf(*one.catalogue.find(id), one.catalogue, bindings, "rp-1").front();
  };
  EXPECT_EQ(paths("pair.own-sender").mailFrom, "rp-1@a.test");
  EXPECT_THAT(paths("pair.local").recipients, ElementsAre("someone-rp-1@b.test"));
  const Case& local = *one.catalogue.find("pair.local");
  EXPECT_EQ(local.expect.at("strict")[0][0][0].tenant, "relayproof");
  EXPECT_EQ(tierOf(one.catalogue, local), "must");
}

TEST_F(InOneTenant, ADenialGoesWithItsTwin) {
  Json family = twoTenants();
  family["cases"]["chained"] = {
      {"why", "B."}, {"sender", "foreign"}, {"expect", {{"all", {"deny"}}}}, {"twin", "both-tenants"}};
  family["cases"]["both-tenants"] = {
      {"why", "Delivered to a, denied to b."}, {"sender", "local:b"},  {"recipients", {"external"}},
      {"expect", {{"all", {"deny"}}}},         {"ehlo", "other.test"}, {"twin", "own-sender"}};
  corpus_.add(family);
  const Recast one = reduced({"pair.chained"});
  EXPECT_THAT(ids(one.catalogue), ElementsAre("pair.own-sender"));
  ASSERT_EQ(one.dropped.size(), 2U);
  EXPECT_EQ(one.dropped[1].id, "pair.chained");
  EXPECT_EQ(one.dropped[1].why, "its twin pair.both-tenants is dropped");
}

TEST_F(InOneTenant, ThePlanIsATenancyAndItsSheetsNameWhatIsDropped) {
  const Recast one = reduced({"pair.mixed"});
  Json sheet = plan(one.catalogue, {one.catalogue.find("pair.own-sender")}, mint_, {}, "exo-2017");
  EXPECT_EQ(verdict::readTenancy(Node(sheet, "plan", {})).tenants.size(), 1U);
  sheet["dropped"] = Json::array({{{"id", "pair.mixed"}, {"why", "so"}}});
  EXPECT_THAT(planSheet(sheet, "csv"), HasSubstr("\r\ndropped,pair.mixed,so\r\n"));
  EXPECT_THAT(
      planSheet(sheet, "markdown"),
      HasSubstr("## Cases that this set-up cannot carry\n\n| Case | Why |\n| --- | --- |\n| pair.mixed | so |\n"));
}

// Families that ask of one tenant beside another.
const std::set<std::string> kOfSeveral = {"combined", "partner", "sequences", "tenancy.rivals", "tenancy.two"};

// What is left of the shipped catalogue is in order by the core, as its lint has it of the whole.
TEST(InOneTenantShipped, KeepsMostCasesAndAllTheirVerdicts) {
  const Catalogue catalogue = load(test::corpusFolder()).value();
  const certs::Mint mint = test::shippedMint();
  std::vector<const Case*> all;
  for (const Case& one : catalogue.cases)
    if (!one.afterReload) all.push_back(&one);  // those change a tenancy of several tenants
  for (const char* name : {"exo-2017", "strict"}) {
    const auto profile = verdict::findProfile(name, catalogue.profiles).value();
    const Recast one = inOneTenant(catalogue, all, mint, {}, profile, kTime);
    EXPECT_EQ(one.catalogue.cases.size() + one.dropped.size(), all.size());
    EXPECT_GT(one.catalogue.cases.size(), all.size() * 9 / 10);
    for (const Dropped& dropped : one.dropped) {
      EXPECT_TRUE(kOfSeveral.contains(catalogue.find(dropped.id)->family)) << dropped.id << ": " << dropped.why;
    }
    const Json filledIn = withAddresses(one.catalogue.tenancy, catalogue.addresses);
    const verdict::Tenancy merged = verdict::readTenancy(Node(filledIn, {}, {}));
    certs::ChainVerifier verifier(mint.trustAnchors());
    for (const Case& left : one.catalogue.cases) {
      for (const auto& [unused, twin] : left.twin) EXPECT_NE(one.catalogue.find(twin), nullptr) << left.id;
      const auto peers = peersOf(left, fixtureOf(left, mint, kTime), one.catalogue, mint, verifier, {}, kTime);
      const auto computed = acceptableFor(one.catalogue, left, peers, merged, {}, profile);
      const auto& written = left.expect.at(name);
      for (std::size_t t = 0; t < computed.size(); ++t)
        for (std::size_t r = 0; r < computed[t].size(); ++r)
          EXPECT_EQ(computed[t][r].wire(), wire(written[t][r])) << left.id << " under " << name;
    }
  }
}

}  // namespace
}  // namespace relayproof::catalogue
