#include "conformance/verdict/path.h"

#include <algorithm>

#include "conformance/verdict/tenancy.h"

namespace relayproof::verdict {
namespace {

// `@a.test,@b.test:user@c.test`: the route ends at the first colon outside an address literal.
std::string_view withoutSourceRoute(std::string_view path) {
  if (!path.starts_with('@')) return path;
  bool literal = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '[') literal = true;
    if (path[i] == ']') literal = false;
    if (path[i] == ':' && !literal) return path.substr(i + 1);
  }
  return path;
}

std::size_t lastUnquotedAt(std::string_view path) {
  std::size_t at = std::string_view::npos;
  bool quoted = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (quoted && path[i] == '\\') {
      ++i;
    } else if (path[i] == '"') {
      quoted = !quoted;
    } else if (path[i] == '@' && !quoted) {
      at = i;
    }
  }
  return at;
}

// RFC 5321 4.1.3: an IPv4 address, or a tag, a colon and what it stands for.
bool isLiteral(std::string_view domain) {
  if (!domain.starts_with('[') || !domain.ends_with(']')) return false;
  domain = domain.substr(1, domain.size() - 2);
  return parseIpv4(domain).has_value() || domain.find(':') != std::string_view::npos;
}

}  // namespace

std::optional<DomainName> domainOfPath(std::string_view path) {
  path = withoutSourceRoute(path);
  const std::size_t at = lastUnquotedAt(path);
  if (at == std::string_view::npos) return std::nullopt;
  return DomainName::parse(path.substr(at + 1));
}

bool isPath(std::string_view path) {
  if (path.empty() || isBarePostmaster(path)) return true;
  path = withoutSourceRoute(path);
  const std::size_t at = lastUnquotedAt(path);
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view local = path.substr(0, at), domain = path.substr(at + 1);
  if (local.front() != '"' && local.find_first_of("@()<>[]:;,\\\" ") != std::string_view::npos) return false;
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(path.begin(), path.end(), isControl)) return false;
  const auto isAscii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  return isLiteral(domain) || !std::all_of(domain.begin(), domain.end(), isAscii) ||
         DomainName::parse(domain).has_value();
}

bool isBarePostmaster(std::string_view path) {
  constexpr std::string_view kName = "postmaster";
  return std::equal(path.begin(), path.end(), kName.begin(), kName.end(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
}

}  // namespace relayproof::verdict
