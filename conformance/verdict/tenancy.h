// The tenancy: which organisations a relay serves, the domains that they registered, and the connectors that recognise
// them. Names are those of Exchange Online's cmdlets (New-InboundConnector, New-AcceptedDomain).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "certs/document.h"
#include "conformance/verdict/domain_pattern.h"

namespace relayproof::verdict {

/// An IPv4 address in host order.
using Ipv4 = std::uint32_t;
std::optional<Ipv4> parseIpv4(std::string_view text);

/// IPv4 CIDR, /24 to /32; host bits are masked.
struct AddressRange {
  Ipv4 network = 0;
  int prefix = 32;
  bool contains(Ipv4 address) const;
};

enum class AcceptedDomainType { authoritative, internalRelay };

struct AcceptedDomain {
  DomainName name;
  AcceptedDomainType type = AcceptedDomainType::authoritative;
  bool matchSubDomains = false;  ///< InternalRelay only
};

enum class ConnectorType { onPremises, partner };

struct InboundConnector {
  std::string name;
  bool enabled = true;
  ConnectorType type = ConnectorType::onPremises;
  std::optional<DomainPattern> tlsSenderCertificateName;
  std::vector<AddressRange> senderIPAddresses;
  bool requireTls = false;
  bool restrictDomainsToCertificate = false;
  bool restrictDomainsToIPAddresses = false;
  bool everySenderDomain = true;             ///< senderDomains holds "*"
  std::vector<DomainPattern> senderDomains;  ///< without the "*"
  std::vector<DomainName> associatedAcceptedDomains;
};

struct Tenant {
  std::string id;
  std::vector<AcceptedDomain> acceptedDomains;
  std::vector<InboundConnector> inboundConnectors;
};

struct Tenancy {
  std::vector<Tenant> tenants;
  std::vector<std::string> trustAnchors;  ///< DER
};

/// Reads a tenancy; a plan is one too (its further keys are passed over). Relative trustAnchors files are resolved
/// against the document's own folder. Throws Error; every mistake names file, key and mend.
Tenancy readTenancy(const Node& root);
Expected<Tenancy> loadTenancy(const std::string& file);

}  // namespace relayproof::verdict
