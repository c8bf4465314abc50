#include "fuzz/match_input.h"

namespace relayproof::fuzz {
namespace {

Alphabet alphabetOf(certs::IdentifierKind kind) {
  return kind == certs::IdentifierKind::dnsId ? Alphabet::octets : Alphabet::utf8;
}

}  // namespace

std::optional<MatchInput> MatchInput::from(std::string_view octets) {
  const auto end = octets.find('\n');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto kind = octets[0] % 2 == 0 ? certs::IdentifierKind::dnsId : certs::IdentifierKind::commonName;
  return MatchInput{kind, std::string(octets.substr(1, end - 1)), std::string(octets.substr(end + 1))};
}

std::string MatchInput::octets() const {
  static_assert('d' % 2 == 0 && 'c' % 2 == 1);
  return (kind == certs::IdentifierKind::dnsId ? "d" : "c") + pattern + "\n" + name;
}

MatchInput MatchInput::some(Dice& dice) {
  MatchInput input;
  if (dice.oneIn(3)) input.kind = certs::IdentifierKind::commonName;
  input.pattern = somePattern(dice);
  input.name = someName(dice, input.pattern, alphabetOf(input.kind));
  return input;
}

void MatchInput::mutate(Dice& dice) {
  if (dice.oneIn(16))
    mutatePattern(dice, pattern);
  else
    mutateName(dice, name, pattern, alphabetOf(kind));
}

std::string textOf(const MatchInput& input) {
  return (input.kind == certs::IdentifierKind::dnsId ? "DNS-ID " : "CN ") + certs::escaped(input.name);
}

}  // namespace relayproof::fuzz
