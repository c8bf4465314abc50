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

std::vector<std::string> chunksOf(std::string_view message, Chunks chunks) {
  const auto command = [](std::string_view chunk) { return fmt::format("BDAT {}\r\n{}", chunk.size(), chunk); };
  std::vector<std::string> all;
  if (chunks == Chunks::emptyLast) {
    all.push_back(command(message));
    message = {};
  }
  const bool withinLines = chunks == Chunks::withinLines;
  while (withinLines || chunks == Chunks::withinLineEnds) {
    const std::size_t end = message.find("\r\n", withinLines ? 2 : 0);
    if (end == std::string_view::npos) break;
    const std::string_view chunk = message.substr(0, withinLines ? end - 1 : end + 1);
    all.push_back(command(chunk));
    message.remove_prefix(chunk.size());
  }
  all.push_back(lastChunk(message));
  return all;
}

std::string lastChunk(std::string_view message) { return fmt::format("BDAT {} LAST\r\n{}", message.size(), message); }

}  // namespace relayproof::wire
