#include "runners/reference/message.h"

#include <algorithm>

#include "runners/reference/names.h"

namespace relayproof::reference {
namespace {

constexpr std::string_view rightEnd = "\r\n.\r\n";
constexpr std::size_t longestEnd = 8;

std::string unstuffed(std::string_view octets) {
  std::string message;
  message.reserve(octets.size());
  while (!octets.empty()) {
    if (octets.front() == '.') octets.remove_prefix(1);  // a line of one dot alone would have ended it
    const std::size_t end = octets.find("\r\n");
    const std::size_t length = end == std::string_view::npos ? octets.size() : end + 2;
    message.append(octets.substr(0, length));
    octets.remove_prefix(length);
  }
  return message;
}

// Calls `visit(lines)` for each field of the header with its folded lines; gives where the empty line before the body
// is.
template <class Visit>
std::size_t eachField(std::string_view message, Visit visit) {
  std::size_t at = 0;
  while (at < message.size() && message.substr(at, 2) != "\r\n") {
    std::size_t end = at;
    do {
      const std::size_t lineEnd = message.find("\r\n", end);
      end = lineEnd == std::string_view::npos ? message.size() : lineEnd + 2;
    } while (end < message.size() && (message[end] == ' ' || message[end] == '\t'));
    visit(message.substr(at, end - at));
    at = end;
  }
  return at;
}

bool isField(std::string_view lines, std::string_view name) {
  const std::size_t colon = lines.find(':');
  if (colon == std::string_view::npos) return false;
  std::string_view found = lines.substr(0, colon);
  while (found.ends_with(' ') || found.ends_with('\t')) found.remove_suffix(1);
  return foldCase(found) == foldCase(name);
}

}  // namespace

std::size_t DataReader::feed(std::string_view octets) {
  const std::size_t before = raw_.size();
  const std::size_t from = before > longestEnd ? before - longestEnd : 0;
  raw_.append(octets);

  std::string_view end = rightEnd;
  std::size_t at = raw_.find(rightEnd, from);
  for (const std::string_view other : otherEnds_)
    if (const std::size_t found = raw_.find(other, from); found < at) {
      end = other;
      at = found;
    }
  if (at == std::string::npos) {
    tooLarge_ = tooLarge_ || raw_.size() > largestMessage + 2;
    if (tooLarge_) raw_.erase(0, raw_.size() - std::min(raw_.size(), longestEnd));
    return octets.size();
  }
  complete_ = true;
  const std::size_t kept = at + end.find('.');
  if (!tooLarge_ && kept > 2) message_ = unstuffed(std::string_view(raw_).substr(2, kept - 2));
  return at + end.size() - before;
}

bool isCleanMessage(std::string_view message) {
  for (std::size_t at = 0; (at = message.find_first_of(std::string_view("\r\n\0", 3), at)) != std::string_view::npos;
       at += 2)
    if (message.substr(at, 2) != "\r\n") return false;
  return true;
}

std::string withoutHeader(std::string_view message, std::string_view field) {
  std::string kept;
  kept.reserve(message.size());
  const std::size_t body = eachField(message, [&](std::string_view lines) {
    if (!isField(lines, field)) kept.append(lines);
  });
  kept.append(message.substr(body));
  return kept;
}

bool hasHeader(std::string_view message, std::string_view field) {
  bool found = false;
  eachField(message, [&](std::string_view lines) { found = found || isField(lines, field); });
  return found;
}

std::string stuffed(std::string_view message) {
  std::string octets;
  octets.reserve(message.size() + 64);
  while (!message.empty()) {
    if (message.front() == '.') octets.push_back('.');
    const std::size_t end = message.find("\r\n");
    const std::size_t length = end == std::string_view::npos ? message.size() : end + 2;
    octets.append(message.substr(0, length));
    message.remove_prefix(length);
  }
  if (!octets.empty() && !octets.ends_with("\r\n")) octets.append("\r\n");
  octets.append(".\r\n");
  return octets;
}

}  // namespace relayproof::reference
