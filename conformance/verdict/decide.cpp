#include "conformance/verdict/decide.h"

#include <algorithm>

#include "conformance/verdict/match.h"
#include "conformance/verdict/reasoning.h"
#include "conformance/verdict/registration.h"

namespace relayproof::verdict {
namespace {

using Rank = std::optional<Specificity>;  // of the most specific connector; nullopt: not in the set

Specificity specificityOf(const InboundConnector& connector) {
  if (!connector.tlsSenderCertificateName) return {};
  const DomainPattern& pattern = *connector.tlsSenderCertificateName;
  return {!pattern.wildcard, pattern.name.labelCount()};
}

bool bindsTo(const InboundConnector& connector, const std::optional<DomainName>& sender) {
  const auto& domains = connector.associatedAcceptedDomains;
  return domains.empty() || (sender && std::find(domains.begin(), domains.end(), *sender) != domains.end());
}

bool senderMayBeInHeader(Choices& choices) {
  return choices.is(Option::senderIdentity, SenderIdentity::envelopeOrHeader);
}

Rank rank3b(const Claim& claim, const Domains& domains, Choices& choices) {
  Rank best;
  for (const Pair& pair : claim.matched) {
    const Cover level = registrationOf(*claim.tenant, *pair.connector->tlsSenderCertificateName, *pair.name, choices);
    if (!countsAsRegistered(level, choices)) continue;
    if (!bindsTo(*pair.connector, domains.sender) &&
        choices.is(Option::associatedDomainsBind3b, AssociatedDomainsBind3b::yes) &&
        !(bindsTo(*pair.connector, domains.header) && senderMayBeInHeader(choices)))
      continue;
    best = std::max(best, Rank(specificityOf(*pair.connector)));
  }
  return best;
}

Rank rank3aFor(const Claim& claim, const std::optional<DomainName>& sender) {
  if (!sender || !covers(*claim.tenant, *sender)) return std::nullopt;
  Rank best;
  for (const Pair& pair : claim.matched)
    if (bindsTo(*pair.connector, sender)) best = std::max(best, Rank(specificityOf(*pair.connector)));
  for (const InboundConnector* connector : claim.addressed)
    if (bindsTo(*connector, sender)) best = std::max(best, Rank(specificityOf(*connector)));
  return best;
}

Rank rank3a(const Claim& claim, const Domains& domains, Choices& choices) {
  const Rank byEnvelope = rank3aFor(claim, domains.sender);
  const Rank byEither = std::max(byEnvelope, rank3aFor(claim, domains.header));
  return byEither != byEnvelope && senderMayBeInHeader(choices) ? byEither : byEnvelope;
}

// The tenants that option conditions adds.
Rank rank3b2023(const Claim& claim, const Identity& identity, Choices& choices) {
  const Tenant& tenant = *claim.tenant;
  const auto& presented = identity.presented;
  if (std::none_of(presented.begin(), presented.end(), [&](const Identifier& identifier) {
        return identifier.counts() && coverOfNameOrParent(tenant, *identifier.reading.name) != Cover::none;
      }))
    return std::nullopt;
  const auto conditions = static_cast<Conditions>(choices.valueOf(Option::conditions));
  if (conditions == Conditions::samePair) return std::nullopt;
  const PresentedName* registered = nullptr;
  bool severalRegistered = false;
  for (const Identifier& identifier : presented) {
    if (!identifier.counts()) continue;
    const PresentedName& name = *identifier.reading.name;
    const Cover level =
        conditions == Conditions::addressOrParent ? coverOfNameOrParent(tenant, name) : cover(tenant, name);
    if (!countsAsRegistered(level, choices)) continue;
    if (registered == nullptr) registered = &name;
    severalRegistered = severalRegistered || *registered != name;
  }
  if (registered == nullptr) return std::nullopt;
  Rank best;
  for (const InboundConnector* connector : claim.addressed) best = std::max(best, Rank(specificityOf(*connector)));
  if (conditions != Conditions::independent) return best;
  for (const Pair& pair : claim.matched)
    if (severalRegistered || *pair.name != *registered) best = std::max(best, Rank(specificityOf(*pair.connector)));
  return best;
}

// The longest accepted domain owns the recipient. Those that cover one and the same lie within each other.
const Tenant* ownerOf(const Tenancy& tenancy, const std::optional<DomainName>& recipient) {
  if (!recipient) return nullptr;
  const Tenant* owner = nullptr;
  const DomainName* longest = nullptr;
  for (const Tenant& tenant : tenancy.tenants) {
    for (const AcceptedDomain& accepted : tenant.acceptedDomains) {
      if (*recipient != accepted.name && !(accepted.matchSubDomains && recipient->isBelow(accepted.name))) continue;
      if (longest != nullptr && !accepted.name.isBelow(*longest)) continue;
      owner = &tenant;
      longest = &accepted.name;
    }
  }
  return owner;
}

struct Contender {
  const Claim* claim;
  Specificity specificity;
};

// Several tenants may relay: one of them, or none.
const Claim* settle(std::vector<Contender> contenders, const std::optional<DomainName>& sender, Choices& choices,
                    std::string_view& how) {
  if (contenders.size() == 1) return contenders[0].claim;
  if (choices.is(Option::tenantConflict, TenantConflict::deny)) {
    how = "several tenants: deny";
    return nullptr;
  }
  const auto isForeign = [&](const Contender& c) { return !covers(*c.claim->tenant, *sender); };
  if (sender && !std::all_of(contenders.begin(), contenders.end(), isForeign)) std::erase_if(contenders, isForeign);
  if (contenders.size() == 1) {
    how = "several tenants: the one that covers the reverse-path";
    return contenders[0].claim;
  }
  const auto best = std::ranges::max_element(contenders, {}, &Contender::specificity);
  if (std::ranges::count(contenders, best->specificity, &Contender::specificity) > 1) {
    how = "several tenants, none more specific: deny";
    return nullptr;
  }
  how = "several tenants: the one with the most specific connector";
  return best->claim;
}

void decideRelay(Reasoning& reasoning, const Domains& domains, Choices& choices) {
  const auto contendersBy = [&](Rank Claim::* set, auto&& rank) {
    std::vector<Contender> contenders;
    for (Claim& claim : reasoning.claims) {
      claim.*set = rank(claim);
      if (claim.*set) contenders.push_back({&claim, *(claim.*set)});
    }
    return contenders;
  };
  const auto by3b = [&](const Claim& claim) { return rank3b(claim, domains, choices); };
  const auto by3a = [&](const Claim& claim) { return rank3a(claim, domains, choices); };
  const auto by3b2023 = [&](const Claim& claim) { return rank3b2023(claim, reasoning.identity, choices); };

  auto contenders = contendersBy(&Claim::in3b, by3b);
  if (contenders.empty()) contenders = contendersBy(&Claim::in3a, by3a);
  if (contenders.empty()) contenders = contendersBy(&Claim::in3b2023, by3b2023);
  if (contenders.empty()) return;

  const Claim* chosen = settle(std::move(contenders), domains.sender, choices, reasoning.conflict);
  if (chosen == nullptr) return;
  Claim& claim = reasoning.claims[static_cast<std::size_t>(chosen - reasoning.claims.data())];
  claim.in3a = by3a(claim);
  claim.in3b2023 = by3b2023(claim);
  Decision& decision = reasoning.decision;
  decision.verdict = Verdict::relay;
  decision.tenant = claim.tenant->id;
  if (claim.in3a) decision.basis.insert(Basis::b3a);
  if (claim.in3b) decision.basis.insert(Basis::b3b);
  if (claim.in3b2023) decision.basis.insert(Basis::b3b2023);
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::deliver:
      return "deliver";
    case Verdict::relay:
      return "relay";
    case Verdict::deny:
      return "deny";
    case Verdict::refuseTls:
      break;
  }
  return "refuse-tls";
}

std::string_view name(Basis basis) {
  switch (basis) {
    case Basis::b3a:
      return "3a";
    case Basis::b3b:
      return "3b";
    case Basis::b3b2023:
      break;
  }
  return "3b-2023";
}

Wire onTheWire(Verdict verdict) {
  switch (verdict) {
    case Verdict::deliver:
    case Verdict::relay:
      return Wire::accept;
    case Verdict::deny:
      return Wire::deny;
    case Verdict::refuseTls:
      break;
  }
  return Wire::refuseTls;
}

Domains domainsOf(const Envelope& envelope) {
  return {envelope.reversePath.empty(), domainOfPath(envelope.reversePath), domainOfPath(envelope.headerFrom),
          domainOfPath(envelope.recipient), isBarePostmaster(envelope.recipient)};
}

Claim claimOf(const Tenant& tenant, const Identity& identity, Ipv4 address, Choices& choices) {
  Claim claim;
  claim.tenant = &tenant;
  for (const InboundConnector& connector : tenant.inboundConnectors) {
    if (!connector.enabled || connector.type != ConnectorType::onPremises) continue;
    if (connector.tlsSenderCertificateName) {
      for (const Identifier& identifier : identity.presented)
        if (identifier.counts() && match(*connector.tlsSenderCertificateName, *identifier.reading.name, choices).yes)
          claim.matched.push_back({&connector, &*identifier.reading.name, identifier.presented});
    } else if (std::any_of(connector.senderIPAddresses.begin(), connector.senderIPAddresses.end(),
                           [&](const AddressRange& range) { return range.contains(address); })) {
      claim.addressed.push_back(&connector);
    }
  }
  return claim;
}

Reasoning reason(const Tenancy& tenancy, const Peer& peer, const Domains& domains, Choices& choices) {
  Reasoning reasoning;
  reasoning.identity = identify(peer.certificate, choices);
  Decision& decision = reasoning.decision;
  if (reasoning.identity.standing == Identity::Standing::refused) {
    decision.verdict = Verdict::refuseTls;
    return reasoning;
  }
  if (domains.barePostmaster) {
    decision.verdict = Verdict::deliver;
    return reasoning;
  }
  reasoning.owner = ownerOf(tenancy, domains.recipient);
  if (reasoning.owner != nullptr) {
    reasoning.partners = checkPartners(*reasoning.owner, peer, reasoning.identity, domains, choices);
    if (reasoning.partners.satisfied) {
      decision.verdict = Verdict::deliver;
      decision.tenant = reasoning.owner->id;
    }
    return reasoning;
  }
  for (const Tenant& tenant : tenancy.tenants) {
    Claim claim = claimOf(tenant, reasoning.identity, peer.address, choices);
    if (!claim.matched.empty() || !claim.addressed.empty()) reasoning.claims.push_back(std::move(claim));
  }
  decideRelay(reasoning, domains, choices);
  return reasoning;
}

Decision decide(const Tenancy& tenancy, const Assignment& assignment, const Peer& peer, const Envelope& envelope) {
  Choices choices(assignment);
  return reason(tenancy, peer, domainsOf(envelope), choices).decision;
}

}  // namespace relayproof::verdict
