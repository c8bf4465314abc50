#include <gmock/gmock.h>

#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::smallFamily;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Json anotherFamily() {
  return Json::parse(R"({"family": "other", "title": "O",
    "tenants": [{"id": "pipe|star", "acceptedDomains": [{"name": "other.test", "type": "InternalRelay", "matchSubDomains": true}],
      "inboundConnectors": [{"name": "say \"hi\", all", "enabled": false, "tlsSenderCertificateName": "*.other.test"},
                            {"name": "net", "senderIPAddresses": ["{net}/24", "127.0.77.9"]}]}],
    "addresses": {"net": "127.0.88.7", "unused": "127.0.66.1"},
    "cases": {"there": {"why": "A.", "sources": ["rule"], "address": "net", "expect": {"all": ["deny"]}, "twin": "small.by-address"}}})");
}

class Plan : public testing::Test {
 protected:
  Plan() : corpus_(smallFamily()) {
    corpus_.add(anotherFamily());
    catalogue_ = corpus_.loaded();
  }
  Json planOf(const char* id, const Bindings& bindings = {}) const {
    return plan(catalogue_, {catalogue_.find(id)}, mint_, bindings, "exo-2017");
  }

  Corpus corpus_;
  Catalogue catalogue_;
  certs::Mint mint_ = test::shippedMint();
};

TEST_F(Plan, HoldsWhatTheSelectedCasesNeed) {
  const Json small = planOf("small.exact");
  EXPECT_EQ(small.at("schema"), "relayproof.plan/1");
  EXPECT_EQ(small.at("catalogue"), catalogue_.digest);
  EXPECT_EQ(small.at("tenants").size(), 1U);
  EXPECT_EQ(small.at("counts"),
            Json::parse(R"({"cases": 1, "tenants": 1, "domains": 2, "connectors": 2, "addresses": 1})"));
  EXPECT_EQ(small.at("addresses"), Json::parse(R"({"stranger": "127.0.0.1"})"));
  EXPECT_EQ(small.at("recipients").at("external"), "{token}@elsewhere.example");
}

TEST_F(Plan, TwinsBringTheirFamily) {
  const Json both = planOf("other.there");
  EXPECT_EQ(both.at("tenants").size(), 2U);
  EXPECT_EQ(both.at("addresses"),
            Json::parse(R"({"stranger": "127.0.0.1", "net": "127.0.88.7", "small-gateway": "127.0.99.5"})"));
}

TEST_F(Plan, AddressesAreFilledIn) {
  Bindings bindings;
  bindings.addresses["net"] = "192.0.2.7";
  const auto ranges = [&](const Json& plan) {
    return plan.at("tenants").at(0).at("inboundConnectors").at(1).at("senderIPAddresses");
  };
  EXPECT_EQ(ranges(planOf("other.there")), Json::parse(R"(["127.0.88.7/24", "127.0.77.9"])"));
  EXPECT_EQ(ranges(planOf("other.there", bindings)), Json::parse(R"(["192.0.2.7/24", "127.0.77.9"])"));
}

TEST_F(Plan, IsATenancy) {
  const Json both = planOf("other.there");
  const auto tenancy = verdict::readTenancy(Node(both, "plan.json", {}));
  EXPECT_EQ(tenancy.tenants.size(), 2U);
  EXPECT_EQ(tenancy.trustAnchors, mint_.trustAnchors());
}

TEST_F(Plan, MarkdownSheet) {
  const std::string sheet = planSheet(planOf("other.there"), "markdown");
  EXPECT_THAT(sheet, StartsWith("# The tenancy that the run assumes\n\nProfile exo-2017. Counts: cases: 2, tenants: 2, "
                                "domains: 3, connectors: 4, addresses: 3.\n"));
  EXPECT_THAT(sheet, HasSubstr("| Tenant | Domain | Type | MatchSubDomains |\n| --- | --- | --- | --- |\n"
                               "| pipe\\|star | other.test | InternalRelay | yes |\n"
                               "| little | mail.small.test | Authoritative | no |\n"));
  EXPECT_THAT(sheet, HasSubstr("| no | OnPremises | \\*.other.test |"));
  EXPECT_THAT(sheet, HasSubstr("| 127.0.88.7/24 127.0.77.9 |"));
  EXPECT_THAT(sheet, HasSubstr("```\n-----BEGIN CERTIFICATE-----\n"));
  EXPECT_THAT(sheet, HasSubstr("| stranger | 127.0.0.1 |\n"));
}

TEST_F(Plan, CsvSheet) {
  const std::string sheet = planSheet(planOf("other.there"), "csv");
  EXPECT_THAT(sheet, StartsWith("count,cases,2\r\ncount,tenants,2\r\n"));
  EXPECT_THAT(sheet, HasSubstr("\r\ndomain,little,mail.small.test,Authoritative,no\r\n"));
  EXPECT_THAT(sheet, HasSubstr("\r\nconnector,pipe|star,\"say \"\"hi\"\", all\",no,OnPremises,*.other.test,,"));
  EXPECT_THAT(sheet, HasSubstr("\r\nauthority,1,\"-----BEGIN CERTIFICATE-----\n"));
  EXPECT_THAT(sheet, HasSubstr("\r\nroute,relayed,"));
  EXPECT_THAT(sheet, Not(HasSubstr("unused")));
}

}  // namespace
}  // namespace relayproof::catalogue
