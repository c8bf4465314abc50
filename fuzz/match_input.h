// The input of the targets that ask about one name: an octet for the kind, a connector's pattern up to the first line
// feed, the presented name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "certs/identifiers.h"
#include "fuzz/name_mutator.h"

namespace relayproof::fuzz {

struct MatchInput {
  certs::IdentifierKind kind = certs::IdentifierKind::dnsId;
  std::string pattern;
  std::string name;

  static std::optional<MatchInput> from(std::string_view octets);
  std::string octets() const;
  static MatchInput some(Dice& dice);
  void mutate(Dice& dice);
  /// What libFuzzer's own mutations may change without spoiling the input.
  std::string& text(Dice&) { return name; }
};

/// "DNS-ID mail.contoso.test\x00": for a person.
std::string textOf(const MatchInput& input);

}  // namespace relayproof::fuzz
