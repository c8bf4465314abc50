// A message against the copy of it that a sink got.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relayproof::result {

/// The values of a header field (RFC 5322 2.2): its name in any case and before white space too (4.5.8), folded lines
/// joined.
std::vector<std::string> fieldValues(std::string_view message, std::string_view field);

/// The subject of `sent` where `arrived` has another, or the first line of its body that the other body lacks, or has
/// out of order; nullopt: all are there. Both are header and body, dots unstuffed. A relay may add fields and lines,
/// change line ends and white space at their end, leave empty lines at the end out, and write the body in another
/// transfer encoding; of the last nothing is said, nor of a message that is none by RFC 5321: with a bare CR, a bare
/// LF, a NUL, or a line of more than 998 octets.
std::optional<std::string> lostLine(std::string_view sent, std::string_view arrived);

}  // namespace relayproof::result
