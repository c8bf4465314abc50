#include "runners/reference/constraints.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "runners/reference/names.h"

namespace relayproof::reference {
namespace {

struct ConstraintsFree {
  void operator()(NAME_CONSTRAINTS* constraints) const { NAME_CONSTRAINTS_free(constraints); }
};

// The domains of the dNSName subtrees, folded, without a leading dot.
std::vector<std::string> domainsOf(const STACK_OF(GENERAL_SUBTREE) * subtrees) {
  std::vector<std::string> domains;
  for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); ++i) {
    const GENERAL_NAME* base = sk_GENERAL_SUBTREE_value(subtrees, i)->base;
    if (base->type != GEN_DNS) continue;
    const ASN1_STRING* octets = base->d.dNSName;
    std::string_view domain(reinterpret_cast<const char*>(ASN1_STRING_get0_data(octets)),
                            static_cast<std::size_t>(ASN1_STRING_length(octets)));
    if (domain.starts_with('.')) domain.remove_prefix(1);
    domains.push_back(foldCase(domain));
  }
  return domains;
}

bool isWithin(std::string_view name, std::string_view domain) {
  return domain.empty() || name == domain || isBelow(name, domain);
}

bool allows(const NAME_CONSTRAINTS& constraints, std::string_view name) {
  const std::vector<std::string> permitted = domainsOf(constraints.permittedSubtrees);
  const std::vector<std::string> excluded = domainsOf(constraints.excludedSubtrees);
  const bool wildcard = isWildcard(name);
  const std::string_view domain = wildcard ? name.substr(2) : name;
  const bool inside = permitted.empty() ||
                      std::ranges::any_of(permitted, [&](const std::string& base) { return isWithin(domain, base); });
  return inside && std::ranges::none_of(excluded, [&](const std::string& base) {
           return isWithin(domain, base) || (wildcard && parentOf(base) == domain);
         });
}

}  // namespace

bool areWithinConstraints(const STACK_OF(X509) * chain, const std::vector<Presented>& names) {
  for (int i = 1; i < sk_X509_num(chain); ++i) {
    const std::unique_ptr<NAME_CONSTRAINTS, ConstraintsFree> constraints(static_cast<NAME_CONSTRAINTS*>(
        X509_get_ext_d2i(sk_X509_value(chain, i), NID_name_constraints, nullptr, nullptr)));
    if (!constraints) continue;
    for (const Presented& id : names)
      if (!id.isMalformed() && !allows(*constraints, id.name)) return false;
  }
  return true;
}

bool wildcardsAreWithinConstraints(const STACK_OF(X509) * chain, const Identity& identity) {
  std::vector<Presented> wildcards;
  for (const Presented& id : identity.ids)
    if (id.kind == Kind::dnsId && isWildcard(id.name)) wildcards.push_back(id);
  return areWithinConstraints(chain, wildcards);
}

}  // namespace relayproof::reference
