// Globs on ids, of fixtures and of cases: `*` stands for any characters, dots too, and `?` for one.
#pragma once

#include <string_view>

namespace relayproof {

bool globMatches(std::string_view glob, std::string_view text);

}  // namespace relayproof
