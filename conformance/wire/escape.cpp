#include "conformance/wire/escape.h"

#include <fmt/format.h>

namespace relayproof::wire {

std::string escaped(std::string_view octets) {
  std::string text;
  text.reserve(octets.size());
  for (const char c : octets) {
    if (c == '\\') {
      text += "\\\\";
    } else if (c == '\r') {
      text += "\\r";
    } else if (c == '\n') {
      text += "\\n";
    } else if (c >= 0x20 && c < 0x7f) {
      text += c;
    } else {
      text += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

std::string excerpt(std::string_view octets, std::size_t most) {
  if (octets.size() <= most) return escaped(octets);
  return fmt::format("{}... ({} more octets)", escaped(octets.substr(0, most)), octets.size() - most);
}

}  // namespace relayproof::wire
