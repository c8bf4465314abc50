// The input of match_fuzzer: an octet for the kind, a connector's pattern up to the first line feed, the presented
// name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "certs/identifiers.h"

namespace relayproof::fuzz {

struct MatchInput {
  certs::IdentifierKind kind = certs::IdentifierKind::dnsId;
  std::string pattern;
  std::string name;
};

inline std::optional<MatchInput> matchInputFrom(std::string_view octets) {
  const auto end = octets.find('\n');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto kind = octets[0] % 2 == 0 ? certs::IdentifierKind::dnsId : certs::IdentifierKind::commonName;
  return MatchInput{kind, std::string(octets.substr(1, end - 1)), std::string(octets.substr(end + 1))};
}

inline std::string octetsOf(const MatchInput& input) {
  return (input.kind == certs::IdentifierKind::dnsId ? "d" : "c") + input.pattern + "\n" + input.name;
}
static_assert('d' % 2 == 0 && 'c' % 2 == 1);

}  // namespace relayproof::fuzz
