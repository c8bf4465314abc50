// Which cases a filter of the user names.
#pragma once

#include <string_view>

#include "conformance/catalogue/case.h"

namespace relayproof::catalogue {

/// A filter is a glob on the id, or `tag:GLOB` on any of the tags.
bool filterMatches(std::string_view filter, const Case& one);

}  // namespace relayproof::catalogue
