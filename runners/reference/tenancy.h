#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runners/reference/names.h"

// Who may relay: tenants with their accepted domains and inbound connectors, under the names of Exchange Online's
// cmdlets (New-AcceptedDomain, New-InboundConnector), and the authorities that client certificates are verified
// against.
namespace relayproof::reference {

struct Problem {
  std::string text;  // names the key and the mend
};

struct AcceptedDomain {
  std::string name;  // folded
  bool internalRelay = false;
  bool matchSubDomains = false;  // only where internalRelay
};

// IPv4 addresses, in host order: /24 to /32.
struct Network {
  std::uint32_t address = 0;  // host bits masked
  std::uint32_t mask = 0;
};

struct Connector {
  std::string name;
  bool enabled = true;
  bool partner = false;  // else OnPremises
  std::string certificateNameAsWritten;
  Pattern certificateName;  // empty where the connector names no certificate
  std::vector<Network> addresses;
  bool requireTls = false;
  bool restrictToCertificate = false;
  bool restrictToAddresses = false;
  std::vector<std::string> senderDomains = {"*"};  // `*`, or patterns as text, folded
  std::vector<std::string> associatedDomains;      // folded

  bool namesCertificate() const { return !certificateName.domain.empty(); }
};

struct Tenant {
  std::string id;
  std::vector<AcceptedDomain> acceptedDomains;
  std::vector<Connector> connectors;
};

struct Tenancy {
  std::vector<Tenant> tenants;
  std::vector<std::string> trustAnchors;  // PEM texts
};

// Reads a tenancy from JSON, or a plan, which is the same with more keys on top. Files of `trustAnchors` are relative
// to `folder`. Refused: anything of another type, unknown keys inside tenants, repeated keys, an OnPremises connector
// with both or neither of name and addresses, one accepted domain twice, a one-label domain, matchSubDomains on
// Authoritative.
std::variant<Tenancy, Problem> loadTenancy(std::string_view json, const std::string& folder);

}  // namespace relayproof::reference
