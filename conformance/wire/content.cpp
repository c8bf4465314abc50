#include "conformance/wire/content.h"

#include <fmt/format.h>

namespace relayproof::wire {

std::string stuffed(std::string_view message) {
  std::string octets;
  octets.reserve(message.size() + 8);
  for (std::size_t at = 0; at < message.size();) {
    if (message[at] == '.') octets += '.';
    const std::size_t end = message.find("\r\n", at);
    const std::size_t next = end == std::string_view::npos ? message.size() : end + 2;
    octets += message.substr(at, next - at);
    at = next;
  }
  if (!octets.empty() && !octets.ends_with("\r\n")) octets += "\r\n";
  return octets += ".\r\n";
}

std::string lastChunk(std::string_view message) { return fmt::format("BDAT {} LAST\r\n{}", message.size(), message); }

}  // namespace relayproof::wire
