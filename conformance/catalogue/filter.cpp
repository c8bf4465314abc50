#include "conformance/catalogue/filter.h"

#include <algorithm>

#include "certs/glob.h"

namespace relayproof::catalogue {

bool filterMatches(std::string_view filter, const Case& one) {
  constexpr std::string_view kTag = "tag:";
  if (!filter.starts_with(kTag)) return globMatches(filter, one.id);
  filter.remove_prefix(kTag.size());
  return std::any_of(one.tags.begin(), one.tags.end(),
                     [&](const std::string& tag) { return globMatches(filter, tag); });
}

}  // namespace relayproof::catalogue
