#include "runners/reference/message.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "runners/reference/address.h"
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

// The body of an address field, unfolded and without comments, which may stand within one another (RFC 5322 3.2.2).
// `marks` is told where brackets, commas and semicolons stand outside of quoted strings.
std::string withoutComments(std::string_view body, std::vector<std::size_t>& marks) {
  std::string kept;
  unsigned depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < body.size();) {
    const std::string_view unit = body.substr(at, body[at] == '\\' ? 2 : 1);
    at += unit.size();
    if (unit == "\r" || unit == "\n") continue;
    if (depth == 0 && unit == "\"") quoted = !quoted;
    if (!quoted && unit == "(") ++depth;
    if (depth == 0) {
      if (!quoted && std::string_view("<>,;").find(unit) != std::string_view::npos) marks.push_back(kept.size());
      kept.append(unit);
    }
    if (!quoted && depth > 0 && unit == ")") --depth;
  }
  return kept;
}

// The address in the body of a From field, without brackets; empty for a list.
std::string mailboxIn(std::string_view body) {
  std::vector<std::size_t> marks;
  std::string text = withoutComments(body, marks);
  if (marks.size() == 2 && text[marks[0]] == '<' && text[marks[1]] == '>')
    return text.substr(marks[0] + 1, marks[1] - marks[0] - 1);
  if (!marks.empty()) return {};
  text.erase(0, text.find_first_not_of(" \t"));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

}  // namespace

std::size_t DataReader::dotBehindFullBuffer() const {
  for (std::size_t line = 2; lineBuffer_ > 0 && line < raw_.size();) {
    const std::size_t end = raw_.find("\r\n", line);
    if (end == std::string::npos) break;
    if (end > line + 1 && raw_[end - 1] == '.' && (end - 1 - line) % lineBuffer_ == 0) return end - 1;
    line = end + 2;
  }
  return std::string::npos;
}

std::size_t DataReader::feed(std::string_view octets) {
  const std::size_t before = raw_.size();
  const std::size_t from = endWithinASegment_ && before > 2 ? before : before > longestEnd ? before - longestEnd : 0;
  raw_.append(octets);

  std::string_view end = rightEnd;
  std::size_t at = raw_.find(rightEnd, from);
  for (const std::string_view other : otherEnds_)
    if (const std::size_t found = raw_.find(other, from); found < at) {
      end = other;
      at = found;
    }
  if (const std::size_t found = dotBehindFullBuffer(); found < at) {
    end = ".\r\n";
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

std::string headerFromDomain(std::string_view message) {
  std::vector<std::string_view> fields;
  eachField(message, [&](std::string_view lines) {
    if (isField(lines, "From")) fields.push_back(lines);
  });
  if (fields.size() != 1) return {};
  const std::string path = "<" + mailboxIn(fields[0].substr(fields[0].find(':') + 1)) + ">";
  const auto parsed = parsePath(path, PathOf::sender);
  const auto* mailbox = std::get_if<PathAndArguments>(&parsed);
  return mailbox != nullptr ? mailbox->path.domain : std::string();
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
