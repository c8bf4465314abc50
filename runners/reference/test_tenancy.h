#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "runners/reference/tenancy.h"

// The tenancy that the tests of this folder talk about.
namespace relayproof::reference::testing {

inline const std::string tenants = R"({"tenants": [
  {"id": "contoso",
   "acceptedDomains": [{"name": "contoso.test"}, {"name": "relay.contoso.test"}, {"name": "off.contoso.test"},
                       {"name": "a-rather-long-host-name-of-one.contoso.test"}],
   "inboundConnectors": [
     {"name": "exact", "tlsSenderCertificateName": "relay.contoso.test"},
     {"name": "exact, host not registered", "tlsSenderCertificateName": "mail.contoso.test"},
     {"name": "apex", "tlsSenderCertificateName": "contoso.test"},
     {"name": "disabled", "enabled": false, "tlsSenderCertificateName": "off.contoso.test"},
     {"name": "by address", "senderIPAddresses": ["127.0.0.16/28"]}]},
  {"id": "fabrikam",
   "acceptedDomains": [{"name": "fabrikam.test"}],
   "inboundConnectors": [{"name": "wildcard", "tlsSenderCertificateName": "*.fabrikam.test"}]},
  {"id": "northwind",
   "acceptedDomains": [{"name": "northwind.test", "type": "InternalRelay", "matchSubDomains": true},
                       {"name": "partner.northwind.test"}],
   "inboundConnectors": [
     {"name": "partner", "connectorType": "Partner", "tlsSenderCertificateName": "partner.northwind.test",
      "senderDomains": ["partner.example"], "restrictDomainsToCertificate": true},
     {"name": "associated", "tlsSenderCertificateName": "gate.northwind.test",
      "associatedAcceptedDomains": ["northwind.test"]}]}
])";

inline std::string tenancyWith(const std::string& anchorsJson) {
  return tenants + ", \"trustAnchors\": " + anchorsJson + "}";
}

inline Tenancy tenancy() { return std::get<Tenancy>(loadTenancy(tenancyWith("[]"), ".")); }

inline constexpr std::uint32_t contosoAddress = 0x7F000014;    // 127.0.0.20
inline constexpr std::uint32_t strangersAddress = 0x7F000101;  // 127.0.1.1

}  // namespace relayproof::reference::testing
