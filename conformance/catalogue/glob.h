// Globs on the ids and tags of cases: `*` stands for any characters, dots too, and `?` for one.
#pragma once

#include <string_view>

#include "conformance/catalogue/case.h"

namespace relayproof::catalogue {

bool globMatches(std::string_view glob, std::string_view text);

/// A filter is a glob on the id, or `tag:GLOB` on any of the tags.
bool filterMatches(std::string_view filter, const Case& one);

}  // namespace relayproof::catalogue
