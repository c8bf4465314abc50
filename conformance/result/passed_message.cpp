#include "conformance/result/passed_message.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace relayproof::result {
namespace {

constexpr std::size_t kLongestLine = 998;  // RFC 5321 4.5.3.1.6, without its CRLF

/// Without the white space at their ends, which relays take off.
std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::vector<std::string_view> bodyOf(std::string_view message) {
  std::vector<std::string_view> lines = linesOf(message);
  const auto end = std::find(lines.begin(), lines.end(), std::string_view());
  lines.erase(lines.begin(), end == lines.end() ? end : end + 1);
  return lines;
}

bool isConforming(std::string_view message) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    const bool ends = c == '\r' && i + 1 < message.size() && message[i + 1] == '\n';
    if (c == '\0' || c == '\n' || (c == '\r' && !ends) || ++length > kLongestLine + 1) return false;
    if (!ends) continue;
    length = 0;
    ++i;
  }
  return true;
}

/// The text of the first such field, unfolded (RFC 5322 2.2.3); empty: there is none.
std::string subjectOf(std::string_view message) {
  constexpr std::string_view field = "subject:";
  std::string text;
  bool within = false;
  for (const std::string_view line : linesOf(message)) {
    if (line.empty()) break;
    const bool folded = line.front() == ' ' || line.front() == '\t';
    if (within && !folded) break;
    const bool begins =
        !folded && std::equal(field.begin(), field.end(), line.begin(),
                              line.begin() + static_cast<std::ptrdiff_t>(std::min(field.size(), line.size())),
                              [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
    within = within || begins;
    if (within) text += begins ? line.substr(field.size()) : line;
  }
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// RFC 2045 6: in any part, so that a relay may wrap the body up.
bool isReencoded(std::string_view message) {
  constexpr std::string_view field = "content-transfer-encoding:";
  for (const std::string_view line : linesOf(message)) {
    std::string low(line);
    std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return std::tolower(c); });
    if (low.starts_with(field) &&
        (low.find("quoted-printable") != std::string::npos || low.find("base64") != std::string::npos))
      return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> lostLine(std::string_view sent, std::string_view arrived) {
  if (!isConforming(sent)) return std::nullopt;
  const std::string subject = subjectOf(sent);
  if (subjectOf(arrived).find(subject) == std::string::npos) return "Subject: " + subject;
  if (isReencoded(arrived)) return std::nullopt;
  const std::vector<std::string_view> copy = bodyOf(arrived);
  std::vector<std::string_view> body = bodyOf(sent);
  while (!body.empty() && body.back().empty()) body.pop_back();
  auto from = copy.begin();
  for (const std::string_view line : body) {
    from = std::find(from, copy.end(), line);
    if (from == copy.end()) return std::string(line);
    ++from;
  }
  return std::nullopt;
}

}  // namespace relayproof::result
