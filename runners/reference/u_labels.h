#pragma once

#include <optional>
#include <string>
#include <string_view>

// Internationalised names, IDNA2008 (RFC 5890 to 5893).
namespace relayproof::reference {

// A name in UTF-8 with each U-label turned into its A-label, by the rules for registration (RFC 5891 4): what is no
// U-label is nothing, and nothing is mapped but ASCII letters to lower case. Labels of ASCII stay as they are, and so
// does a `*.` before the name.
std::optional<std::string> withALabels(std::string_view name);

}  // namespace relayproof::reference
