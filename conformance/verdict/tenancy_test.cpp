#include "conformance/verdict/tenancy.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "certs/mint.h"
#include "conformance/verdict/test_support.h"

namespace relayproof::verdict {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Expected<Tenancy> read(std::string_view text) { return readDocument(text, "tenancy.json", readTenancy); }

std::string errorOfTenancy(std::string_view text) {
  const auto tenancy = read(text);
  return tenancy ? "no error" : tenancy.error().text();
}

// A tenancy whose one tenant has this accepted domain, or this connector.
std::string withDomain(const std::string& domain) {
  return R"({"tenants":[{"id":"contoso","acceptedDomains":[)" + domain + "]}]}";
}
std::string withConnector(const std::string& connector) {
  return R"({"tenants":[{"id":"contoso","inboundConnectors":[)" + connector + "]}]}";
}

TEST(Tenancy, ReadsWhatItSays) {
  const auto tenancy = read(R"({"schema":"relayproof.plan/1","routes":[],"tenants":[{"id":"contoso",
      "acceptedDomains":[{"name":"Contoso.Test"},{"name":"relay.test","type":"InternalRelay","matchSubDomains":true}],
      "inboundConnectors":[{"name":"relay","tlsSenderCertificateName":"*.Contoso.test","senderIPAddresses":[]},
        {"name":"office","enabled":false,"connectorType":"OnPremises","tlsSenderCertificateName":"",
         "senderIPAddresses":["192.0.2.77/28","198.51.100.1"],"associatedAcceptedDomains":["contoso.test"]},
        {"name":"supplier","connectorType":"Partner","tlsSenderCertificateName":"mail.fabrikam.test",
         "senderIPAddresses":["192.0.2.0/24"],"requireTls":true,"restrictDomainsToCertificate":true,
         "restrictDomainsToIPAddresses":true,"senderDomains":["fabrikam.test","*.fabrikam.test"]}]}]})");
  ASSERT_TRUE(tenancy) << tenancy.error().text();
  const Tenant& tenant = tenancy->tenants.at(0);
  EXPECT_EQ(tenant.acceptedDomains.at(0).name.text(), "contoso.test");
  EXPECT_FALSE(tenant.acceptedDomains.at(0).matchSubDomains);
  EXPECT_EQ(tenant.acceptedDomains.at(1).type, AcceptedDomainType::internalRelay);
  EXPECT_TRUE(tenant.acceptedDomains.at(1).matchSubDomains);
  const auto& relay = tenant.inboundConnectors.at(0);
  EXPECT_EQ(relay.tlsSenderCertificateName->text(), "*.contoso.test");
  EXPECT_TRUE(relay.enabled && relay.everySenderDomain && relay.type == ConnectorType::onPremises);
  const auto& office = tenant.inboundConnectors.at(1);
  EXPECT_FALSE(office.enabled || office.tlsSenderCertificateName);
  EXPECT_EQ(office.senderIPAddresses.at(0).network, parseIpv4("192.0.2.64")) << "host bits are masked";
  EXPECT_TRUE(office.senderIPAddresses.at(0).contains(*parseIpv4("192.0.2.79")));
  EXPECT_FALSE(office.senderIPAddresses.at(0).contains(*parseIpv4("192.0.2.80")));
  EXPECT_FALSE(office.senderIPAddresses.at(0).contains(*parseIpv4("192.0.2.63")));
  EXPECT_TRUE(office.senderIPAddresses.at(1).contains(*parseIpv4("198.51.100.1")));
  EXPECT_FALSE(office.senderIPAddresses.at(1).contains(*parseIpv4("198.51.100.0")));
  EXPECT_THAT(office.associatedAcceptedDomains, SizeIs(1));
  const auto& supplier = tenant.inboundConnectors.at(2);
  EXPECT_TRUE(supplier.requireTls && supplier.restrictDomainsToCertificate && supplier.restrictDomainsToIPAddresses);
  EXPECT_FALSE(supplier.everySenderDomain);
  EXPECT_THAT(supplier.senderDomains, SizeIs(2));
}

TEST(Tenancy, EveryMistakeNamesFileKeyAndMend) {
  const std::string file = "tenancy.json: ";
  const std::string domain = file + "tenants[0].acceptedDomains[0]";
  const std::string connector = file + "tenants[0].inboundConnectors[0]";
  struct Row {
    std::string text;
    std::string error;
  };
  const Row rows[] = {
      {"{}", file + "the key \"tenants\" is missing"},
      {R"({"tenant":[],"tenants":[]})", file + "tenant: unknown key; did you mean \"tenants\"?"},
      {R"({"tenants":[{}]})", file + "tenants[0]: the key \"id\" is missing"},
      {R"({"tenants":[{"id":""}]})", file + "tenants[0].id: is empty; give the tenant an id"},
      {R"({"tenants":[{"id":"a"},{"id":"a"}]})", file + "tenants[1].id: two tenants have the id \"a\"; rename one"},
      {R"({"tenants":[{"id":"a","acceptedDomain":[]}]})",
       file + "tenants[0].acceptedDomain: unknown key; did you mean \"acceptedDomains\"?"},
      {withDomain(R"({"name":"test"})"),
       domain + ".name: \"test\" is a single label; write a domain of two or more labels"},
      {withDomain(R"({"name":"a b.test"})"),
       domain + ".name: \"a b.test\" is no domain name: it holds white space; write a name of two or more labels such "
                "as contoso.test, A-labels for other scripts"},
      {withDomain(R"({"name":"*.contoso.test"})"),
       domain + ".name: \"*.contoso.test\" is no domain name: it holds a `*` that is not the whole left-most label; "
                "write a name of two or more labels such as contoso.test, A-labels for other scripts"},
      {withDomain(R"({"name":"contoso.test","type":"Authoritativ"})"),
       domain + ".type: unknown value \"Authoritativ\"; did you mean \"Authoritative\"?"},
      {withDomain(R"({"name":"contoso.test","matchSubDomains":true})"),
       domain + ".matchSubDomains: an Authoritative domain has no subdomains that match; give the domain the type "
                "InternalRelay, or leave matchSubDomains out"},
      {withDomain(R"({"name":"contoso.test","matchSubdomains":true})"),
       domain + ".matchSubdomains: unknown key; did you mean \"matchSubDomains\"?"},
      {withDomain(R"({"name":"contoso.test"},{"name":"CONTOSO.test"})"),
       file + "tenants[0].acceptedDomains[1].name: \"contoso.test\" is already an accepted domain of tenant "
              "\"contoso\"; a domain belongs to one tenant, once: remove it here or there"},
      {R"({"tenants":[{"id":"a","acceptedDomains":[{"name":"contoso.test"}]},
                      {"id":"b","acceptedDomains":[{"name":"other.test"},{"name":"Contoso.test"}]}]})",
       file + "tenants[1].acceptedDomains[1].name: \"contoso.test\" is already an accepted domain of tenant \"a\"; a "
              "domain belongs to one tenant, once: remove it here or there"},
      {withConnector(R"({"tlsSenderCertificateName":"*.contoso.test"})"), connector + ": the key \"name\" is missing"},
      {withConnector(R"({"name":"","tlsSenderCertificateName":"*.contoso.test"})"),
       connector + ".name: is empty; give the connector a name"},
      {withConnector(R"({"name":"r"})"),
       connector + ": an OnPremises connector needs tlsSenderCertificateName or senderIPAddresses; give it one of the "
                   "two, so that it can recognise the peer"},
      {withConnector(R"({"name":"r","tlsSenderCertificateName":"a.test","senderIPAddresses":["192.0.2.1"]})"),
       connector + ": an OnPremises connector has tlsSenderCertificateName or senderIPAddresses, not both; make two "
                   "connectors of it"},
      {withConnector(R"({"name":"r","tlsSenderCertificateName":"*.test"})"),
       connector + ".tlsSenderCertificateName: \"*.test\" is no domain pattern: it is `*.` before a single label; "
                   "write a name of two or more labels such as mail.contoso.test, A-labels for other scripts, or *. "
                   "before one"},
      {withConnector(R"({"name":"r","connectorType":"Onpremises","tlsSenderCertificateName":"a.test"})"),
       connector + ".connectorType: unknown value \"Onpremises\"; did you mean \"OnPremises\"?"},
      {withConnector(R"({"name":"r","senderIPAddresses":["10.0.0.0/8"]})"),
       connector + ".senderIPAddresses[0]: \"10.0.0.0/8\" is no IPv4 address or range from /24 to /32; write "
                   "192.0.2.5 or 192.0.2.0/24; split a larger range into several of /24"},
      {withConnector(R"({"name":"r","tlsSenderCertificateName":"a.test","senderDomains":[]})"),
       connector + ".senderDomains: names no domain; leave it out, or write \"*\" for every domain"},
      {withConnector(R"({"name":"r","tlsSenderCertificateName":"a.test","enabled":"yes"})"),
       connector + ".enabled: must be true or false"},
      {withConnector(R"({"name":"r","tlsSenderCertificateName":"a.test","tlsSenderCertificatename":"b.test"})"),
       connector + ".tlsSenderCertificatename: unknown key; did you mean \"tlsSenderCertificateName\"?"},
      {withConnector(
           R"({"name":"r","tlsSenderCertificateName":"a.test"},{"name":"r","senderIPAddresses":["1.2.3.4"]})"),
       file + "tenants[0].inboundConnectors[1].name: two connectors of this tenant are named \"r\"; rename one"},
  };
  for (const Row& row : rows) EXPECT_EQ(errorOfTenancy(row.text), row.error) << row.text;
}

TEST(Tenancy, PartnerConnectorsMayHaveBothOrNeither) {
  EXPECT_EQ(errorOfTenancy(withConnector(R"({"name":"p","connectorType":"Partner"})")), "no error");
  EXPECT_EQ(errorOfTenancy(withConnector(R"({"name":"p","connectorType":"Partner","tlsSenderCertificateName":"a.test",
                                      "senderIPAddresses":["192.0.2.1"]})")),
            "no error");
}

TEST(Tenancy, DomainsOfTwoTenantsMayNest) {
  EXPECT_EQ(errorOfTenancy(R"({"tenants":[{"id":"a","acceptedDomains":[{"name":"contoso.test"}]},
                                   {"id":"b","acceptedDomains":[{"name":"sub.contoso.test"}]}]})"),
            "no error");
}

TEST(Tenancy, Addresses) {
  EXPECT_EQ(parseIpv4("192.0.2.64"), 0xC0000240U);
  EXPECT_EQ(parseIpv4("255.255.255.255"), 0xFFFFFFFFU);
  EXPECT_EQ(parseIpv4("0.0.0.0"), 0U);
  EXPECT_EQ(parseIpv4("100.99.9.10"), 0x6463090AU);
  for (const char* bad : {"", "192.0.2", "192.0.2.", ".0.2.1", "192.0.2.256", "192.0.2.1000", "192.0.02.1",
                          "192.0.2.1.1", "1920.2.1.1", "192.0.2.1a", "192.0.2./", "192.0.2.:", "00.0.0.0", "256.0.0.1"})
    EXPECT_FALSE(parseIpv4(bad)) << bad;
}

TEST(Tenancy, Ranges) {
  for (const char* good : {"192.0.2.0/24", "192.0.2.1/32", "0.0.0.0/24", "255.255.255.255", "192.0.2.255/31",
                           "192.0.2.4/30", "192.0.2.8/29"})
    EXPECT_EQ(errorOfTenancy(withConnector(std::string(R"({"name":"r","senderIPAddresses":[")") + good + "\"]}")),
              "no error")
        << good;
  for (const char* bad : {"",
                          "192.0.2",
                          "192.0.2.256",
                          "192.0.2.1.1",
                          "192.0.2.01",
                          "192.0.2.1/",
                          "192.0.2.1/33",
                          "192.0.2.1/23",
                          "192.0.2.1/024",
                          "192.0.2.1/2x",
                          " 192.0.2.1",
                          "192.0.2.1 ",
                          "::1",
                          "::ffff:192.0.2.1",
                          "a.b.c.d",
                          "192..2.1",
                          "-1.0.0.0",
                          "192.0.2.1/-8",
                          "1.2.3.4/24/24",
                          "192.0.2.1/3/",
                          "192.0.2.1/1>",
                          "192.0.2.1/:4"})
    EXPECT_THAT(errorOfTenancy(withConnector(std::string(R"({"name":"r","senderIPAddresses":[")") + bad + "\"]}")),
                HasSubstr("is no IPv4 address or range"))
        << bad;
}

// Any certificate will do; it is carried, not verified.
const std::string kAnchor =
    "MIIBeDCCAR+gAwIBAgIUQMb6LuwqG/cotpmlCz58IkzTY9AwCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGYW5jaG9yMCAXDTI2MTEy"
    "NDExMzUyOFoYDzIxMjYxMDMxMTEzNTI4WjARMQ8wDQYDVQQDDAZhbmNob3IwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARDJkt/"
    "W8HVsBwxfuHwtWGDbnSBf5gKU2TB9iRNBaxThdnETtEqgfOJ/3RGDyQ9xJu8oEDt6BCM/oFMHGakA3hyo1MwUTAdBgNVHQ4EFgQU"
    "2MOMuG9CBSHMKJ4dTUbTvAgBycwwHwYDVR0jBBgwFoAU2MOMuG9CBSHMKJ4dTUbTvAgBycwwDwYDVR0TAQH/BAUwAwEB/zAKBggq"
    "hkjOPQQDAgNHADBEAiArUKxZfqtO8sDJs2u0PsPe2EiCXB4gOwqfr7DmnP1GPAIgEJ8CyEWeKr02SUF0Q8dxAOERlxG0EdJDE0Au"
    "viXUXHY=";

TEST(Tenancy, TrustAnchorsAreFilesOrPemText) {
  const std::string pem = "-----BEGIN CERTIFICATE-----\n" + kAnchor + "\n-----END CERTIFICATE-----\n";
  const auto folder = std::filesystem::path(testing::TempDir()) / "tenancy-anchors";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "ca.pem") << pem;
  std::ofstream(folder / "none.pem") << "no certificate here";
  const auto load = [&](const Json& anchors) {
    std::ofstream(folder / "tenancy.json") << Json{{"tenants", Json::array()}, {"trustAnchors", anchors}}.dump();
    return loadTenancy((folder / "tenancy.json").string());
  };
  const auto both = load(Json::array({"ca.pem", pem}));
  ASSERT_TRUE(both) << both.error().text();
  const std::string der = certs::certificatesFromPem(pem, "test").value().at(0);
  EXPECT_THAT(both->trustAnchors, testing::ElementsAre(der, der));
  const auto missing = load(Json::array({"ca.pem", "missing.pem"}));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text(), HasSubstr("tenancy.json: trustAnchors[1]: "));
  EXPECT_THAT(missing.error().text(), HasSubstr("missing.pem: cannot be read: No such file"));
  const auto noPem = load(Json::array({"none.pem"}));
  ASSERT_FALSE(noPem);
  EXPECT_THAT(noPem.error().text(), HasSubstr("trustAnchors[0]: "));
}

TEST(Tenancy, LoadsFiles) { EXPECT_THAT(loadTenancy("/nonexistent.json").error().text(), HasSubstr("No such file")); }

}  // namespace
}  // namespace relayproof::verdict
