#include "conformance/result/passed_message.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <locale>

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

/// RFC 5322 2.2: to many, a line that is no field ends the header.
bool hasFieldsAlone(std::string_view message) {
  for (const std::string_view line : linesOf(message)) {
    if (line.empty()) break;
    if (line.front() != ' ' && line.front() != '\t' && line.find(':') == std::string_view::npos) return false;
  }
  return true;
}

/// RFC 2045 6: in any part, so that a relay may wrap the body up.
bool isReencoded(std::string_view message) {
  using namespace boost::algorithm;
  const std::locale& ascii = std::locale::classic();
  const std::vector<std::string_view> lines = linesOf(message);
  return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
    return istarts_with(line, "content-transfer-encoding:", ascii) &&
           (icontains(line, "quoted-printable", ascii) || icontains(line, "base64", ascii));
  });
}

}  // namespace

std::vector<std::string> fieldValues(std::string_view message, std::string_view field) {
  std::vector<std::string> values;
  bool inField = false;
  for (const std::string_view line : linesOf(message)) {
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (inField) values.back() += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    inField =
        colon != std::string_view::npos &&
        boost::algorithm::iequals(name.substr(0, name.find_last_not_of(" \t") + 1), field, std::locale::classic());
    if (inField) values.emplace_back(line.substr(colon + 1));
  }
  for (std::string& value : values) value.erase(0, value.find_first_not_of(" \t"));
  return values;
}

std::optional<std::string> lostLine(std::string_view sent, std::string_view arrived) {
  if (!isConforming(sent) || !hasFieldsAlone(sent)) return std::nullopt;
  const std::vector<std::string> subjects = fieldValues(arrived, "Subject");
  for (const std::string& subject : fieldValues(sent, "Subject"))
    if (std::none_of(subjects.begin(), subjects.end(),
                     [&](const std::string& one) { return one.find(subject) != std::string::npos; }))
      return "Subject: " + subject;
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
