#include "conformance/wire/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace relayproof::wire {

namespace {

std::string ended(std::string octets) {
  if (!octets.empty() && !octets.ends_with("\r\n")) octets += "\r\n";
  return octets += ".\r\n";
}

}  // namespace

std::string mailCommand(const Transaction& transaction) {
  return fmt::format("{}:<{}>{}", transaction.lowerCase ? "mail from" : "MAIL FROM", transaction.mailFrom,
                     transaction.mailParameters);
}

std::string rcptCommand(const Transaction& transaction, std::size_t recipient) {
  return fmt::format("{}:<{}>{}", transaction.lowerCase ? "rcpt to" : "RCPT TO", transaction.recipients.at(recipient),
                     transaction.recipientParameters);
}

std::string dataCommand(const Transaction& transaction) { return transaction.lowerCase ? "data" : "DATA"; }

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
  return ended(std::move(octets));
}

std::vector<std::string> dataOf(const Transaction& transaction) {
  if (transaction.data == Data::unstuffed) return {ended(transaction.message)};
  std::string octets = stuffed(transaction.message);
  if (transaction.data != Data::endByOctets) return {std::move(octets)};
  constexpr std::size_t kEnd = std::string_view("\r\n.\r\n").size();
  const std::size_t begin = octets.size() - std::min(kEnd, octets.size());
  std::vector<std::string> segments = {octets.substr(0, begin)};
  for (const char octet : octets.substr(begin)) segments.emplace_back(1, octet);
  return segments;
}

std::vector<std::string> halves(const std::vector<std::string>& segments) {
  std::string all;
  for (const std::string& segment : segments) all += segment;
  const std::size_t half = all.size() / 2;
  return {all.substr(0, half), all.substr(half)};
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
    // A bare CR ends a chunk and a bare LF begins one, too.
    const std::size_t end = withinLines ? message.find("\r\n", 2) : message.find_first_of("\r\n", 1);
    if (end == std::string_view::npos) break;
    const std::string_view chunk = message.substr(0, withinLines ? end - 1 : message[end] == '\r' ? end + 1 : end);
    all.push_back(command(chunk));
    message.remove_prefix(chunk.size());
  }
  switch (chunks) {
    case Chunks::lowerCase:
      all.push_back(fmt::format("bdat {} last\r\n{}", message.size(), message));
      break;
    case Chunks::leadingZeros:
      all.push_back(fmt::format("BDAT {:010} LAST\r\n{}", message.size(), message));
      break;
    default:
      all.push_back(lastChunk(message));
  }
  return all;
}

std::string lastChunk(std::string_view message) { return fmt::format("BDAT {} LAST\r\n{}", message.size(), message); }

}  // namespace relayproof::wire
