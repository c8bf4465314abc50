// How one combination of the options comes to its decision, kept step by step so that it can be told.
#pragma once

#include <compare>
#include <optional>
#include <string_view>
#include <vector>

#include "conformance/verdict/choices.h"
#include "conformance/verdict/decide.h"
#include "conformance/verdict/identity.h"

namespace relayproof::verdict {

/// The domains that an envelope is judged by, parsed once.
struct Domains {
  bool nullReversePath = false;
  std::optional<DomainName> sender;     ///< P1
  std::optional<DomainName> header;     ///< P2
  std::optional<DomainName> recipient;  ///< none: the recipient can only be relayed to
  bool barePostmaster = false;
};
Domains domainsOf(const Envelope& envelope);

/// An enabled connector of type OnPremises whose pattern matches an identifier.
struct Pair {
  const InboundConnector* connector;
  const PresentedName* name;
  const certs::PresentedIdentifier* presented;
};

/// How specifically a connector recognised the peer; the greater is the more specific.
struct Specificity {
  bool exact = false;
  std::size_t labels = 0;  ///< of the pattern; none of an address connector, which so comes last
  auto operator<=>(const Specificity&) const = default;
};

/// What one tenant has to do with the peer. A tenant is in a set when its most specific connector there has a value.
struct Claim {
  const Tenant* tenant = nullptr;
  std::vector<Pair> matched;                       ///< M(T)
  std::vector<const InboundConnector*> addressed;  ///< A(T)
  std::optional<Specificity> in3b;
  std::optional<Specificity> in3a;
  std::optional<Specificity> in3b2023;
};

/// Partner connectors that apply to a delivery, and whether the peer satisfies one.
struct PartnerCheck {
  std::vector<const InboundConnector*> applying;
  bool satisfied = true;
};

struct Reasoning {
  Identity identity;
  std::vector<Claim> claims;  ///< tenants with something in M or A
  PartnerCheck partners;
  const Tenant* owner = nullptr;  ///< of the recipient's domain
  std::string_view conflict;      ///< how several tenants in the deciding set came to one or none; a static text
  Decision decision;
};

Reasoning reason(const Tenancy& tenancy, const Peer& peer, const Domains& domains, Choices& choices);

/// M(T) and A(T).
Claim claimOf(const Tenant& tenant, const Identity& identity, Ipv4 address, Choices& choices);

/// The section on Partner connectors: what applies to mail of that sender for `owner`.
PartnerCheck checkPartners(const Tenant& owner, const Peer& peer, const Identity& identity, const Domains& domains,
                           Choices& choices);

/// One line: `ids={…} M={…} A={…} registered: … → 3b={…} 3a={…} → deny`.
std::string derivation(const Reasoning& reasoning);

}  // namespace relayproof::verdict
