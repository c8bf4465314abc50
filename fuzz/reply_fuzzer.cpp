// Our client's reading of SMTP replies against a plain second one (RFC 5321 4.2), and the same octets in one piece
// against any other segmentation. The first octet says how they are cut.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/wire/reply.h"

namespace {

using relayproof::wire::Reply;
using relayproof::wire::ReplyParser;

struct Heard {
  std::vector<Reply> replies;
  bool fault = false;
  bool waiting = false;  // for the rest of a reply
};

bool operator==(const Heard& a, const Heard& b) {
  const auto same = [](const Reply& one, const Reply& other) {
    return one.code == other.code && one.enhanced == other.enhanced && one.lines == other.lines &&
           one.crlf == other.crlf;
  };
  return a.fault == b.fault && a.waiting == b.waiting &&
         std::equal(a.replies.begin(), a.replies.end(), b.replies.begin(), b.replies.end(), same);
}

Heard parsed(std::string_view octets, std::size_t piece) {
  ReplyParser parser;
  Heard heard;
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    parser.feed(octets.substr(at, piece));
    while (auto reply = parser.next()) heard.replies.push_back(*std::move(reply));
  }
  heard.fault = !parser.fault().empty();
  heard.waiting = !heard.fault && parser.midReply();
  return heard;
}

// The grammar, a line at a time.
Heard plainly(std::string_view octets) {
  static const std::regex form("^([2-5][0-9][0-9])(?:([ -])([^]*))?$");
  static const std::regex enhanced("^([245]\\.[0-9]{1,3}\\.[0-9]{1,3})(?: [^]*)?$");
  Heard heard;
  Reply reply;
  while (true) {
    const auto end = octets.find('\n');
    if (std::min(end, octets.size()) > relayproof::wire::kLongestReplyLine) heard.fault = true;
    if (heard.fault || end == std::string_view::npos) break;
    std::string line(octets.substr(0, end));
    octets.remove_prefix(end + 1);
    reply.crlf = reply.crlf && line.ends_with('\r');
    if (line.ends_with('\r')) line.pop_back();
    std::smatch parts;
    heard.fault = !std::regex_match(line, parts, form) || (!reply.lines.empty() && std::stoi(parts[1]) != reply.code) ||
                  reply.lines.size() == relayproof::wire::kMostReplyLines;
    if (heard.fault) break;
    const std::string text = parts[3];
    reply.code = std::stoi(parts[1]);
    std::smatch status;
    if (reply.lines.empty() && std::regex_match(text, status, enhanced)) reply.enhanced = status[1];
    reply.lines.push_back(text);
    if (parts[2] != "-") heard.replies.push_back(std::exchange(reply, {}));
  }
  heard.waiting = !heard.fault && (!octets.empty() || !reply.lines.empty());
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::size_t kMost = 20000;  // the regular expressions recur
  if (size == 0 || size > kMost) return -1;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Heard whole = parsed(octets, octets.size() + 1);
  const char* difference = !(parsed(octets, 1 + data[0] % 16) == whole) ? "another segmentation"
                           : !(plainly(octets) == whole)                ? "the plain reading"
                                                                        : nullptr;
  if (difference == nullptr) return 0;
  std::fprintf(stderr, "the parser of replies and %s differ\n", difference);
  std::abort();
}
