#include "runners/reference/tenancy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runners/reference/test_tenancy.h"

namespace relayproof::reference {
namespace {

std::string problemOf(const std::string& json) {
  const auto loaded = loadTenancy(json, ".");
  const auto* problem = std::get_if<Problem>(&loaded);
  return problem ? problem->text : "";
}

std::string withConnector(const std::string& connector) {
  return R"({"tenants":[{"id":"t","inboundConnectors":[)" + connector + "]}]}";
}

std::string withDomain(const std::string& domain) {
  return R"({"tenants":[{"id":"t","acceptedDomains":[)" + domain + "]}]}";
}

TEST(Tenancy, HasTheDefaultsOfItsForm) {
  const Tenancy loaded = testing::tenancy();
  ASSERT_EQ(loaded.tenants.size(), 3U);
  const Connector& exact = loaded.tenants[0].connectors[0];
  EXPECT_TRUE(exact.enabled);
  EXPECT_FALSE(exact.partner);
  EXPECT_EQ(exact.senderDomains, std::vector<std::string>{"*"});
  EXPECT_FALSE(loaded.tenants[0].acceptedDomains[0].internalRelay);
  const Network& network = loaded.tenants[0].connectors[4].addresses[0];
  EXPECT_EQ(network.address, 0x7F000010U);
  EXPECT_EQ(network.mask, 0xFFFFFFF0U);
}

TEST(Tenancy, MasksHostBitsAndTakesPlansKeys) {
  const auto loaded = loadTenancy(
      R"({"schema":"x","tenants":[{"id":"t","inboundConnectors":[{"senderIPAddresses":["10.1.2.77/24","10.1.3.4"]}]}]})",
      ".");
  const auto& addresses = std::get<Tenancy>(loaded).tenants[0].connectors[0].addresses;
  EXPECT_EQ(addresses[0].address, 0x0A010200U);
  EXPECT_EQ(addresses[1].mask, 0xFFFFFFFFU);
}

TEST(Tenancy, RefusesWithTheKeyInTheMessage) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "not JSON"},
      {"[]", "tenants: is missing"},
      {"{}", "tenants: is missing"},
      {R"({"tenants":{}})", "tenancy.tenants: must be a list"},
      {R"({"tenants":[{"id":"t","id":"u"}]})", "id: the key stands twice"},
      {R"({"tenants":[{}]})", "tenants[0].id: is missing"},
      {R"({"tenants":[{"id":"a b"}]})", "tenants[0].id:"},
      {R"({"tenants":[{"id":"t"},{"id":"t"}]})", "tenants[1].id:"},
      {R"({"tenants":[{"id":"t","domains":[]}]})", "tenants[0].domains: unknown key"},
      {R"({"tenants":[],"trustAnchors":["no such file"]})", "trustAnchors[0]: cannot read"},
      {withDomain(R"({"name":"test"})"), "acceptedDomains[0].name: \"test\""},
      {withDomain(R"({"name":"*.a.test"})"), "acceptedDomains[0].name"},
      {withDomain(R"({"name":"a.test."})"), "acceptedDomains[0].name"},
      {withDomain(R"({"name":"a.test","type":"Relay"})"), "acceptedDomains[0].type"},
      {withDomain(R"({"name":"a.test","matchSubDomains":true})"), "matchSubDomains: needs type InternalRelay"},
      {withDomain(R"({"name":"a.test","matchSubDomains":1})"), "matchSubDomains: must be true or false"},
      {withDomain(R"({"name":"a.test"},{"name":"A.test"})"), "accepted by \"t\" already"},
      {withConnector("{}"), "inboundConnectors[0]: an OnPremises connector has either"},
      {withConnector(R"({"tlsSenderCertificateName":"a.test","senderIPAddresses":["10.0.0.1"]})"), "has either"},
      {withConnector(R"({"tlsSenderCertificateName":"*"})"), "tlsSenderCertificateName: \"*\""},
      {withConnector(R"({"tlsSenderCertificateName":"*.com"})"), "tlsSenderCertificateName"},
      {withConnector(R"({"tlsSenderCertificateName":"a.*.test"})"), "tlsSenderCertificateName"},
      {withConnector(R"({"tlsSenderCertificateName":"10.0.0.1"})"), "tlsSenderCertificateName"},
      {withConnector(R"({"tlsSenderCertificateName":"m\u00fcller.test"})"), "tlsSenderCertificateName"},
      {withConnector(R"({"tlsSenderCertificateName":"a.test "})"), "tlsSenderCertificateName"},
      {withConnector(R"({"tlsSenderCertificateName":"a.test\u0000.evil.test"})"), "tlsSenderCertificateName"},
      {withConnector(R"({"senderIPAddresses":["10.0.0.0/23"]})"), "senderIPAddresses[0]"},
      {withConnector(R"({"senderIPAddresses":["10.0.0.0/33"]})"), "senderIPAddresses[0]"},
      {withConnector(R"({"senderIPAddresses":["10.0.0"]})"), "senderIPAddresses[0]"},
      {withConnector(R"({"senderIPAddresses":["::1"]})"), "senderIPAddresses[0]"},
      {withConnector(R"({"senderIPAddresses":["10.0.0.1",7]})"), "senderIPAddresses[1]: must be a string"},
      {withConnector(R"({"tlsSenderCertificateName":"a.test","connectorType":"partner"})"), "connectorType"},
      {withConnector(R"({"tlsSenderCertificateName":"a.test","senderDomains":["*.x"]})"), "senderDomains[0]"},
      {withConnector(R"({"tlsSenderCertificateName":"a.test","tlsDomain":"x"})"), "tlsDomain: unknown key"},
  };
  for (const auto& [json, part] : rows) EXPECT_THAT(problemOf(json), ::testing::HasSubstr(part)) << json;
}

TEST(Tenancy, TakesAPartnerWithBothOrNeither) {
  EXPECT_EQ(problemOf(withConnector(R"({"connectorType":"Partner"})")), "");
  EXPECT_EQ(problemOf(withConnector(
                R"({"connectorType":"Partner","tlsSenderCertificateName":"a.test","senderIPAddresses":["10.0.0.1"]})")),
            "");
}

}  // namespace
}  // namespace relayproof::reference
