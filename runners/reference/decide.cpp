#include "runners/reference/decide.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace relayproof::reference {
namespace {

bool reaches(const AcceptedDomain& accepted, std::string_view domain) {
  return domain == accepted.name || (accepted.matchSubDomains && isBelow(domain, accepted.name));
}

bool rightMatches(const Behaviour& behaviour, const Connector& connector, const Presented& presented) {
  return matches(behaviour, connector.certificateName, presented);
}

bool rightGrants(const Connector& connector) { return connector.enabled && !connector.partner; }

bool rightHolds(const Network& network, std::uint32_t address) { return (address & network.mask) == network.address; }

bool rightRegistered(const Behaviour& behaviour, const Tenant& tenant, std::string_view name) {
  const bool below = behaviour.registrationMatchSubDomains == RegistrationMatchSubDomains::yes;
  return std::ranges::any_of(tenant.acceptedDomains, [&](const AcceptedDomain& accepted) {
    return below ? reaches(accepted, name) : name == accepted.name;
  });
}

bool rightCovers(const Tenant& tenant, std::string_view domain) {
  return std::ranges::any_of(tenant.acceptedDomains,
                             [&](const AcceptedDomain& accepted) { return reaches(accepted, domain); });
}

std::vector<std::string_view> senderDomains(const Behaviour& behaviour, const Envelope& envelope) {
  std::vector<std::string_view> domains;
  if (!envelope.sender.domain.empty()) domains.push_back(envelope.sender.domain);
  if (behaviour.senderIdentity == SenderIdentity::envelopeOrHeader && !envelope.headerDomain.empty())
    domains.push_back(envelope.headerDomain);
  return domains;
}

bool isAssociated(const Connector& connector, std::string_view domain) {
  const std::vector<std::string>& domains = connector.associatedDomains;
  return domains.empty() || std::ranges::find(domains, domain) != domains.end();
}

// One and the same domain is the tenant's and, where the connector has such a list, on it.
bool rightSendsFor(const Steps& steps, const Behaviour& behaviour, const Tenant& tenant, const Connector& connector,
                   const Envelope& envelope) {
  return std::ranges::any_of(senderDomains(behaviour, envelope), [&](std::string_view domain) {
    return steps.covers(tenant, domain) && isAssociated(connector, domain);
  });
}

// How specific the evidence for a tenant is: certificate before address, exact before wildcard, more labels first.
using Rank = std::tuple<bool, bool, std::size_t>;

constexpr Rank byAddress = {false, false, 0};

Rank byCertificate(const Connector& connector) {
  return {true, !connector.certificateName.wildcard, labelCount(connector.certificateName.domain)};
}

constexpr std::array<std::string_view, 3> bases = {"3b", "3a", "3b-2023"};
enum Basis : std::size_t { b3b, b3a, b2023 };

// What speaks for one tenant: for each basis its best evidence, if any.
struct Claim {
  const Tenant* tenant;
  std::array<std::optional<Rank>, bases.size()> evidence;

  void add(Basis basis, Rank rank) { evidence[basis] = std::max(evidence[basis], std::optional(rank)); }
};

class Weighing {
 public:
  Weighing(const Behaviour& behaviour, const Steps& steps, const Peer& peer, const Envelope& envelope)
      : behaviour_(behaviour), steps_(steps), peer_(peer), envelope_(envelope) {}

  Claim weigh(const Tenant& tenant) const {
    Claim claim{&tenant, {}};
    for (const Connector& connector : tenant.connectors) {
      if (!steps_.grants(connector)) continue;
      const bool associated = associatedHold(connector);
      const bool sends = steps_.sendsFor(steps_, behaviour_, tenant, connector, envelope_);
      if (holdsAddress(connector)) {
        if (sends) claim.add(b3a, byAddress);
        if (addressCondition(tenant)) claim.add(b2023, byAddress);
      }
      for (const Presented& id : peer_.identity.ids) {
        if (!matchesName(connector, id)) continue;
        const Rank rank = byCertificate(connector);
        const bool bound = behaviour_.associatedDomainsBind3b == AssociatedDomainsBind3b::yes;
        if (passesRegistration(tenant, connector, id) && (associated || !bound)) claim.add(b3b, rank);
        if (sends) claim.add(b3a, rank);
        if (behaviour_.conditions == Conditions::independent && anotherRegistered(tenant, id)) claim.add(b2023, rank);
      }
    }
    return claim;
  }

  // Does an OnPremises connector of the tenant recognise the peer?
  bool recognises(const Tenant& tenant) const {
    return std::ranges::any_of(tenant.connectors, [&](const Connector& connector) {
      return rightGrants(connector) && (holdsAddress(connector) || matchesAnyName(connector));
    });
  }

  // One Partner connector that applies is enough; with none, mail is welcome.
  bool partnersForbid(const Tenant& tenant) const {
    if (recognises(tenant)) return false;
    bool applies = false;
    for (const Connector& connector : tenant.connectors) {
      if (!connector.partner || !connector.enabled || !sendsFrom(connector)) continue;
      if (satisfies(connector)) return false;
      applies = true;
    }
    return applies;
  }

 private:
  bool holdsAddress(const Connector& connector) const {
    return peer_.address && std::ranges::any_of(connector.addresses, [&](const Network& network) {
             return steps_.holds(network, *peer_.address);
           });
  }

  bool matchesName(const Connector& connector, const Presented& id) const {
    return connector.namesCertificate() && steps_.matches(behaviour_, connector, id);
  }

  bool matchesAnyName(const Connector& connector) const {
    return std::ranges::any_of(peer_.identity.ids, [&](const Presented& id) { return matchesName(connector, id); });
  }

  bool registered(const Tenant& tenant, std::string_view name) const {
    return !name.empty() && steps_.registered(behaviour_, tenant, name);
  }

  bool passesRegistration(const Tenant& tenant, const Connector& connector, const Presented& id) const {
    const Pattern& pattern = connector.certificateName;
    const std::string& name = isWildcard(id.name) && !pattern.wildcard ? pattern.domain : id.name;
    const auto byConnector = [&] { return registered(tenant, pattern.domain); };
    const auto byName = [&] { return registered(tenant, name) || registered(tenant, parentOf(name)); };
    switch (behaviour_.registration) {
      case Registration::connectorDomain:
        return byConnector();
      case Registration::presentedOrParent:
        return byName();
      case Registration::both:
        return byConnector() && byName();
    }
    return false;
  }

  bool addressCondition(const Tenant& tenant) const {
    if (behaviour_.conditions == Conditions::samePair) return false;
    const bool parents = behaviour_.conditions == Conditions::addressOrParent;
    return std::ranges::any_of(peer_.identity.ids, [&](const Presented& id) {
      return registered(tenant, id.name) || (parents && registered(tenant, parentOf(id.name)));
    });
  }

  bool anotherRegistered(const Tenant& tenant, const Presented& than) const {
    return std::ranges::any_of(
        peer_.identity.ids, [&](const Presented& id) { return id.name != than.name && registered(tenant, id.name); });
  }

  bool associatedHold(const Connector& connector) const {
    return connector.associatedDomains.empty() ||
           std::ranges::any_of(senderDomains(behaviour_, envelope_),
                               [&](std::string_view domain) { return isAssociated(connector, domain); });
  }

  bool sendsFrom(const Connector& connector) const {
    const std::string& domain = envelope_.sender.domain;
    return !envelope_.sender.isNull() && std::ranges::any_of(connector.senderDomains, [&](const std::string& sender) {
      if (sender == "*") return true;
      const auto pattern = parsePattern(sender);
      return pattern && (domain == pattern->domain || (pattern->wildcard && isBelow(domain, pattern->domain)));
    });
  }

  bool satisfies(const Connector& connector) const {
    if (connector.requireTls && !peer_.tls) return false;
    if (connector.restrictToAddresses && !holdsAddress(connector)) return false;
    if (!connector.restrictToCertificate) return true;
    const bool subjectOnly = behaviour_.partnerCertificateName == PartnerCertificateName::subject;
    return std::ranges::any_of(peer_.identity.ids, [&](const Presented& id) {
      return (id.kind == Kind::commonName || !subjectOnly) && matchesName(connector, id);
    });
  }

  const Behaviour& behaviour_;
  const Steps& steps_;
  const Peer& peer_;
  const Envelope& envelope_;
};

// The one tenant that a set of claims is for, by option tenantConflict; null where it stays open.
const Claim* settle(std::vector<const Claim*> claims, Basis basis, const Behaviour& behaviour,
                    const Envelope& envelope) {
  if (claims.size() > 1 && behaviour.tenantConflict == TenantConflict::byReversePathThenMostSpecific) {
    const auto coversSender = [&](const Claim* claim) { return rightCovers(*claim->tenant, envelope.sender.domain); };
    if (!envelope.sender.domain.empty() && std::ranges::any_of(claims, coversSender))
      std::erase_if(claims, [&](const Claim* claim) { return !coversSender(claim); });
    const auto rank = [&](const Claim* claim) { return claim->evidence[basis]; };
    const auto best = rank(*std::ranges::max_element(claims, {}, rank));
    std::erase_if(claims, [&](const Claim* claim) { return rank(claim) != best; });
  }
  return claims.size() == 1 ? claims.front() : nullptr;
}

Decision deny(std::string_view reply) {
  Decision decision;
  decision.refusal = reply;
  return decision;
}

Decision accept(Verdict verdict, std::string tenant, const Path& recipient) {
  Decision decision;
  decision.verdict = verdict;
  decision.tenant = std::move(tenant);
  decision.passTo = recipient.text;
  return decision;
}

}  // namespace

const Steps rightSteps = {rightMatches, rightGrants, rightHolds, rightRegistered, rightCovers, rightSendsFor};

const Tenant* ownerOf(const Tenancy& tenancy, std::string_view domain) {
  const Tenant* owner = nullptr;
  std::size_t longest = 0;
  for (const Tenant& tenant : tenancy.tenants)
    for (const AcceptedDomain& accepted : tenant.acceptedDomains)
      if (reaches(accepted, domain) && accepted.name.size() > longest) {
        owner = &tenant;
        longest = accepted.name.size();
      }
  return owner;
}

Decision decide(const Tenancy& tenancy, const Behaviour& behaviour, const Peer& peer, const Envelope& envelope,
                const Path& recipient, const Steps& steps) {
  if (isBarePostmaster(recipient)) return accept(Verdict::deliver, {}, recipient);
  const Weighing weighing(behaviour, steps, peer, envelope);
  if (const Tenant* owner = ownerOf(tenancy, recipient.domain))
    return weighing.partnersForbid(*owner) ? deny(partnerDenied) : accept(Verdict::deliver, owner->id, recipient);

  std::vector<Claim> claims;
  for (const Tenant& tenant : tenancy.tenants) claims.push_back(weighing.weigh(tenant));
  for (const Basis basis : {b3b, b3a, b2023}) {
    std::vector<const Claim*> set;
    for (const Claim& claim : claims)
      if (claim.evidence[basis]) set.push_back(&claim);
    if (set.empty()) continue;
    const Claim* chosen = settle(std::move(set), basis, behaviour, envelope);
    if (!chosen) break;
    Decision decision = accept(Verdict::relay, chosen->tenant->id, recipient);
    for (std::size_t i = 0; i < bases.size(); ++i)
      if (chosen->evidence[i]) decision.basis.emplace_back(bases[i]);
    return decision;
  }
  return deny(relayDenied);
}

}  // namespace relayproof::reference
