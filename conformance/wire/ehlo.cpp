#include "conformance/wire/ehlo.h"

#include <algorithm>

namespace relayproof::wire {
namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::vector<std::string> keywords(const Reply& ehlo) {
  if (ehlo.lines.empty()) return {};
  return {ehlo.lines.begin() + 1, ehlo.lines.end()};
}

bool offers(const std::vector<std::string>& lines, std::string_view keyword) {
  return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
    const std::string_view word = line.substr(0, line.find(' '));
    return std::equal(word.begin(), word.end(), keyword.begin(), keyword.end(),
                      [](char a, char b) { return upper(a) == upper(b); });
  });
}

}  // namespace relayproof::wire
