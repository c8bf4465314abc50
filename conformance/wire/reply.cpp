#include "conformance/wire/reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/wire/escape.h"

namespace relayproof::wire {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Length of "5.7.64" at the start of the text, or 0: class 2, 4 or 5 and two numbers of up to three digits (RFC 3463
/// 2), ended by a space or the end of the line.
std::size_t enhancedLength(std::string_view text) {
  if (text.empty() || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return 0;
  std::size_t at = 1;
  for (int part = 0; part < 2; ++part) {
    if (at >= text.size() || text[at] != '.') return 0;
    const std::size_t first = ++at;
    while (at < text.size() && isDigit(text[at])) ++at;
    if (at == first || at - first > 3) return 0;
  }
  return at == text.size() || text[at] == ' ' ? at : 0;
}

int codeOf(std::string_view line) {
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, isDigit)) return 0;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  return code >= 200 && code <= 599 ? code : 0;
}

}  // namespace

std::string Reply::text() const {
  std::string text;
  for (const std::string& line : lines) {
    std::string_view rest = line;
    if (text.empty() && &line == &lines.front() && !enhanced.empty()) {
      rest.remove_prefix(std::min(rest.size(), enhanced.size() + 1));
    }
    if (!text.empty() && !rest.empty()) text += ' ';
    text += rest;
  }
  return text;
}

void ReplyParser::feed(std::string_view octets) {
  if (fault_.empty()) buffer_ += octets;
}

std::optional<Reply> ReplyParser::next() {
  while (fault_.empty()) {
    const std::size_t end = buffer_.find('\n');
    if (std::min(end, buffer_.size()) > kLongestReplyLine) {
      fault_ = fmt::format("a reply line of more than {} octets", kLongestReplyLine);
      break;
    }
    if (end == std::string::npos) break;
    std::string_view line(buffer_.data(), end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    else
      partial_.crlf = false;
    const bool whole = takeLine(line);
    buffer_.erase(0, end + 1);
    if (whole) return std::exchange(partial_, Reply());
  }
  return std::nullopt;
}

/// True when the line ends a reply.
bool ReplyParser::takeLine(std::string_view line) {
  const int code = codeOf(line);
  const char separator = line.size() > 3 ? line[3] : ' ';
  if (code == 0 || (separator != ' ' && separator != '-')) {
    fault_ = "not a reply line: \"" + excerpt(line, 80) + "\"";
    return false;
  }
  if (partial_.lines.empty()) {
    partial_.code = code;
  } else if (partial_.code != code) {
    fault_ = fmt::format("a reply whose lines have different codes, {} and {}", partial_.code, code);
    return false;
  }
  if (partial_.lines.size() == kMostReplyLines) {
    fault_ = fmt::format("a reply of more than {} lines", kMostReplyLines);
    return false;
  }
  const std::string_view text = line.substr(std::min<std::size_t>(4, line.size()));
  if (partial_.lines.empty()) partial_.enhanced = text.substr(0, enhancedLength(text));
  partial_.lines.emplace_back(text);
  return separator == ' ';
}

bool ReplyParser::midReply() const { return !buffer_.empty() || !partial_.lines.empty(); }

std::string ReplyParser::takeRest() {
  std::string rest;
  for (const std::string& line : partial_.lines) rest += fmt::format("{}-{}\r\n", partial_.code, line);
  rest += buffer_;
  partial_ = Reply();
  buffer_.clear();
  return rest;
}

void ReplyParser::reset() { *this = ReplyParser(); }

}  // namespace relayproof::wire
