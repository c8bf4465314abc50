#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Domain names and connector patterns as text: labels of 1 to 63 octets joined by dots, at most 253 octets, the last
// label not all digits (RFC 1035 2.3.4, RFC 5321 4.5.3.1.2). Names are kept folded to lower case; only ASCII is folded.
namespace relayproof::reference {

enum class NameSyntax {
  preferred,  // letters, digits, inner hyphens (RFC 1123 2.1)
  lenient,    // also `_` and outer hyphens
};

std::string foldCase(std::string_view text);

// Is `text` a name of one or more labels? A wildcard is no name.
bool isDomainName(std::string_view text, NameSyntax syntax);

// Is `text` a name, or `*.` before one?
bool isPresentedName(std::string_view text, NameSyntax syntax);

std::size_t labelCount(std::string_view name);

// Does `name` have at least one label before `domain`? Both folded.
bool isBelow(std::string_view name, std::string_view domain);

// The name less its left-most label; empty for one label.
std::string_view parentOf(std::string_view name);

inline bool isWildcard(std::string_view name) { return name.starts_with("*."); }

// What a connector recognises: the domain itself, or with a wildcard the names before it.
struct Pattern {
  std::string domain;  // without `*.`, folded, two labels or more
  bool wildcard = false;
};

// Empty for whatever is neither a name of two or more labels nor `*.` before one.
std::optional<Pattern> parsePattern(std::string_view text);

}  // namespace relayproof::reference
