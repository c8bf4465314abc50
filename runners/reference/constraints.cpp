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

// `domain` is what stands behind `*.`.
bool allows(const NAME_CONSTRAINTS& constraints, std::string_view domain) {
  const std::vector<std::string> permitted = domainsOf(constraints.permittedSubtrees);
  const std::vector<std::string> excluded = domainsOf(constraints.excludedSubtrees);
  const bool inside = permitted.empty() ||
                      std::ranges::any_of(permitted, [&](const std::string& base) { return isWithin(domain, base); });
  return inside && std::ranges::none_of(excluded, [&](const std::string& base) {
           return isWithin(domain, base) || parentOf(base) == domain;
         });
}

}  // namespace

bool wildcardsAreWithinConstraints(const STACK_OF(X509) * chain, const Identity& identity) {
  for (int i = 1; i < sk_X509_num(chain); ++i) {
    const std::unique_ptr<NAME_CONSTRAINTS, ConstraintsFree> constraints(static_cast<NAME_CONSTRAINTS*>(
        X509_get_ext_d2i(sk_X509_value(chain, i), NID_name_constraints, nullptr, nullptr)));
    if (!constraints) continue;
    for (const Presented& id : identity.ids)
      if (isWildcard(id.name) && !allows(*constraints, std::string_view(id.name).substr(2))) return false;
  }
  return true;
}

}  // namespace relayproof::reference
