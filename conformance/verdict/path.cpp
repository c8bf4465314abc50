#include "conformance/verdict/path.h"

#include <algorithm>

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

}  // namespace

std::optional<DomainName> domainOfPath(std::string_view path) {
  path = withoutSourceRoute(path);
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
  if (at == std::string_view::npos) return std::nullopt;
  return DomainName::parse(path.substr(at + 1));
}

bool isBarePostmaster(std::string_view path) {
  constexpr std::string_view kName = "postmaster";
  return std::equal(path.begin(), path.end(), kName.begin(), kName.end(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
}

}  // namespace relayproof::verdict
