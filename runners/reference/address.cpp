#include "runners/reference/address.h"

#include <algorithm>
#include <optional>

#include "runners/reference/names.h"

namespace relayproof::reference {
namespace {

bool isPrintable(char c) { return c > ' ' && c <= '~'; }

// RFC 6531 3.3; whether a message may have such ones, its MAIL says.
bool isBeyondAscii(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }

bool isLocalOctet(char c) {
  return isBeyondAscii(c) || (isPrintable(c) && std::string_view("<>()[]\\,;:@\"").find(c) == std::string_view::npos);
}

// How far a local part reaches, quoted or not; 0 where there is none.
std::size_t localPartLength(std::string_view text) {
  if (!text.starts_with('"')) {
    const auto end = std::ranges::find_if_not(text, isLocalOctet);
    return static_cast<std::size_t>(end - text.begin());
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
    if (i >= text.size() || (!isPrintable(text[i]) && text[i] != ' ' && !isBeyondAscii(text[i]))) return 0;
  }
  return 0;
}

// How far a domain or an address literal reaches; 0 where there is none.
std::size_t domainLength(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || end < 2) return 0;
    return std::ranges::all_of(text.substr(0, end), isPrintable) ? end + 1 : 0;
  }
  const std::size_t end = std::min(text.find_first_of(">,:@"), text.size());
  return isDomainName(text.substr(0, end), NameSyntax::lenient) ? end : 0;
}

// `@one,@two:` before a mailbox (RFC 5321 appendix C). Gives the octets it takes, colon included, or nothing if wrong.
std::optional<std::size_t> routeLength(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] == '@') {
    const std::size_t length = domainLength(text.substr(at + 1));
    if (length == 0) return std::nullopt;
    at += 1 + length;
    if (at < text.size() && text[at] == ':') return at + 1;
    if (at >= text.size() || text[at] != ',') return std::nullopt;
    ++at;
  }
  return at == 0 ? std::optional<std::size_t>(0) : std::nullopt;
}

}  // namespace

bool isBarePostmaster(const Path& path) { return foldCase(path.text) == "postmaster"; }

std::variant<PathAndArguments, BadPath> parsePath(std::string_view text, PathOf of) {
  const BadPath wrong{of == PathOf::sender ? "501 5.1.7 Bad sender's mailbox address syntax"
                                           : "501 5.1.3 Bad destination mailbox address syntax"};
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (!text.starts_with('<')) return wrong;
  text.remove_prefix(1);

  Path path;
  const auto route = routeLength(text);
  if (!route) return wrong;
  if (*route > 0) path.route = text.substr(0, *route - 1);
  text.remove_prefix(*route);

  std::size_t length = localPartLength(text);
  if (length == 0) {
    if (of == PathOf::recipient || *route > 0 || !text.starts_with('>')) return wrong;
  } else if (length < text.size() && text[length] == '@') {
    const std::size_t domain = domainLength(text.substr(length + 1));
    if (domain == 0) return wrong;
    if (text[length + 1] != '[') path.domain = foldCase(text.substr(length + 1, domain));
    length += 1 + domain;
    path.text = text.substr(0, length);
  } else {
    path.text = text.substr(0, length);
    if (of != PathOf::recipient || *route > 0 || !isBarePostmaster(path)) return wrong;
  }
  text.remove_prefix(length);
  if (!text.starts_with('>')) return wrong;
  text.remove_prefix(1);

  if (!text.empty() && text.front() != ' ') return BadPath{"501 5.5.4 Syntax error behind the address"};
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return PathAndArguments{std::move(path), text};
}

}  // namespace relayproof::reference
