#include "runners/reference/bugs/asking.h"

#include <charconv>

namespace relayproof::reference::bugs {

Decision acceptFor(Verdict verdict, const std::string& tenant, const Question& question) {
  Decision decision;
  decision.verdict = verdict;
  decision.tenant = tenant;
  decision.passTo = question.recipient.text;
  return decision;
}

Peer named(const Peer& peer, const std::string& name) {
  Peer changed = peer;
  if (isDomainName(name, NameSyntax::lenient)) changed.identity.ids.push_back({Kind::dnsId, name, foldCase(name)});
  return changed;
}

Envelope sentFrom(const Envelope& envelope, const std::string& domain) {
  Envelope changed = envelope;
  changed.sender.text = "somebody@" + domain;
  changed.sender.domain = foldCase(domain);
  return changed;
}

std::string firstOfRoute(std::string_view route) {
  const std::string_view first = route.substr(0, route.find(','));
  return foldCase(first.substr(first.find('@') + 1));
}

std::optional<std::uint32_t> readAddress(std::string_view text) {
  std::uint32_t address = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int i = 0; i < 4; ++i) {
    unsigned octet = 0;
    const auto [next, error] = std::from_chars(at, end, octet);
    if (error != std::errc{} || octet > 255) return std::nullopt;
    address = address << 8 | octet;
    at = next == end ? next : next + 1;
  }
  return address;
}

}  // namespace relayproof::reference::bugs
