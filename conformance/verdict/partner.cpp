#include <algorithm>

#include "conformance/verdict/match.h"
#include "conformance/verdict/reasoning.h"

namespace relayproof::verdict {
namespace {

// `*.contoso.test` among senderDomains is the domain and all its subdomains; a path without a domain name, such as one
// of an address literal, is covered by `*` alone.
bool isAmong(const std::optional<DomainName>& sender, const InboundConnector& connector) {
  return connector.everySenderDomain ||
         std::any_of(connector.senderDomains.begin(), connector.senderDomains.end(), [&](const DomainPattern& pattern) {
           return sender && (*sender == pattern.name || (pattern.wildcard && sender->isBelow(pattern.name)));
         });
}

bool satisfiesCertificate(const InboundConnector& connector, const Identity& identity, Choices& choices) {
  if (!connector.tlsSenderCertificateName) return false;
  const auto matches = [&](const Identifier& identifier) {
    return identifier.counts() && match(*connector.tlsSenderCertificateName, *identifier.reading.name, choices).yes;
  };
  const auto isCommonName = [](const Identifier& identifier) {
    return identifier.presented->kind == certs::IdentifierKind::commonName;
  };
  const auto& presented = identity.presented;
  if (std::any_of(presented.begin(), presented.end(),
                  [&](const Identifier& i) { return isCommonName(i) && matches(i); }))
    return true;
  return std::any_of(presented.begin(), presented.end(),
                     [&](const Identifier& i) { return !isCommonName(i) && matches(i); }) &&
         choices.is(Option::partnerCertificateName, PartnerCertificateName::subjectOrSan);
}

bool satisfies(const Peer& peer, const InboundConnector& connector, const Identity& identity, Choices& choices) {
  if (connector.requireTls && !peer.tls) return false;
  if (connector.restrictDomainsToIPAddresses &&
      std::none_of(connector.senderIPAddresses.begin(), connector.senderIPAddresses.end(),
                   [&](const AddressRange& range) { return range.contains(peer.address); }))
    return false;
  return !connector.restrictDomainsToCertificate || satisfiesCertificate(connector, identity, choices);
}

}  // namespace

PartnerCheck checkPartners(const Tenant& owner, const Peer& peer, const Identity& identity, const Domains& domains,
                           Choices& choices) {
  if (domains.nullReversePath) return {};
  PartnerCheck check;
  for (const InboundConnector& connector : owner.inboundConnectors)
    if (connector.enabled && connector.type == ConnectorType::partner && isAmong(domains.sender, connector))
      check.applying.push_back(&connector);
  if (check.applying.empty()) return {};
  if (const Claim claim = claimOf(owner, identity, peer.address, choices);
      !claim.matched.empty() || !claim.addressed.empty())
    return {};
  check.satisfied = std::any_of(check.applying.begin(), check.applying.end(), [&](const InboundConnector* connector) {
    return satisfies(peer, *connector, identity, choices);
  });
  return check;
}

}  // namespace relayproof::verdict
