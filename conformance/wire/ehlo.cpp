#include "conformance/wire/ehlo.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

namespace relayproof::wire {
namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// RFC 1870, 3461, 4954, 6152, 6531.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kExtensions = {{{"SIZE=", "SIZE"},
                                                                                       {"BODY=7BIT", "8BITMIME"},
                                                                                       {"BODY=8BITMIME", "8BITMIME"},
                                                                                       {"SMTPUTF8", "SMTPUTF8"},
                                                                                       {"AUTH=", "AUTH"},
                                                                                       {"RET=", "DSN"},
                                                                                       {"ENVID=", "DSN"},
                                                                                       {"NOTIFY=", "DSN"},
                                                                                       {"ORCPT=", "DSN"}}};

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

bool offersParameters(const std::vector<std::string>& lines, std::string_view parameters) {
  std::istringstream words{std::string(parameters)};
  for (std::string word; words >> word;) {
    const auto* extension = std::ranges::find_if(
        kExtensions, [&](const auto& one) { return std::string_view(word).starts_with(one.first); });
    if (extension == kExtensions.end() || !offers(lines, extension->second)) return false;
  }
  return true;
}

}  // namespace relayproof::wire
