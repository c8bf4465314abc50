// Octets of a peer made safe to show: one line of printable ASCII.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace relayproof::wire {

/// Printable ASCII stays, a backslash becomes `\\`, CR and LF become `\r` and `\n`, every other octet `\xHH`.
std::string escaped(std::string_view octets);

/// The same, of at most `most` octets; the rest is counted: "... (1234 more octets)".
std::string excerpt(std::string_view octets, std::size_t most);

}  // namespace relayproof::wire
