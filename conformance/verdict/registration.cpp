#include "conformance/verdict/registration.h"

#include <algorithm>

namespace relayproof::verdict {

Cover cover(const Tenant& tenant, const PresentedName& name) {
  Cover best = Cover::none;
  for (const AcceptedDomain& accepted : tenant.acceptedDomains) {
    const bool same = name.name == accepted.name;
    if (same && !name.wildcard) return Cover::listed;
    if (accepted.matchSubDomains && (same || name.name.isBelow(accepted.name))) best = Cover::below;
  }
  return best;
}

Cover coverOfNameOrParent(const Tenant& tenant, const PresentedName& name) {
  const auto parent = name.parent();
  return std::max(cover(tenant, name), parent ? cover(tenant, {*parent, false}) : Cover::none);
}

Cover registrationOf(const Tenant& tenant, const DomainPattern& pattern, const PresentedName& presented,
                     Choices& choices) {
  const bool patternStandsIn = presented.wildcard && !pattern.wildcard;
  const Cover connectorDomain = cover(tenant, {pattern.name, false});
  const Cover presentedOrParent =
      coverOfNameOrParent(tenant, patternStandsIn ? PresentedName{pattern.name, false} : presented);
  if (connectorDomain == presentedOrParent) return connectorDomain;
  switch (static_cast<Registration>(choices.valueOf(Option::registration))) {
    case Registration::connectorDomain:
      return connectorDomain;
    case Registration::presentedOrParent:
      return presentedOrParent;
    case Registration::both:
      break;
  }
  return std::min(connectorDomain, presentedOrParent);
}

}  // namespace relayproof::verdict
