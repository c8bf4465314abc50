// How a tenant's accepted domains cover a name.
#pragma once

#include <optional>

#include "conformance/verdict/choices.h"
#include "conformance/verdict/presented_name.h"
#include "conformance/verdict/tenancy.h"

namespace relayproof::verdict {

/// below: only because an accepted domain above the name has matchSubDomains. The order counts.
enum class Cover { none, below, listed };

/// A wildcard name is no accepted domain itself, and its `*` is a label below one.
Cover cover(const Tenant& tenant, const PresentedName& name);

/// Does the tenant accept mail for this domain?
inline bool covers(const Tenant& tenant, const DomainName& domain) {
  return cover(tenant, {domain, false}) != Cover::none;
}

/// Does that much cover count as registered? Asks for registrationMatchSubDomains where it matters.
inline bool countsAsRegistered(Cover level, Choices& choices) {
  return level == Cover::listed ||
         (level == Cover::below && choices.is(Option::registrationMatchSubDomains, RegistrationMatchSubDomains::yes));
}

/// The cover of a matching pair by option registration. Where a presented wildcard matched an exact pattern, the
/// pattern's name stands for it.
Cover registrationOf(const Tenant& tenant, const DomainPattern& pattern, const PresentedName& presented,
                     Choices& choices);

/// The cover of a name or of its parent, the better of the two.
Cover coverOfNameOrParent(const Tenant& tenant, const PresentedName& name);

}  // namespace relayproof::verdict
