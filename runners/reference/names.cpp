#include "runners/reference/names.h"

#include <algorithm>

namespace relayproof::reference {
namespace {

constexpr std::size_t longestName = 253;
constexpr std::size_t longestLabel = 63;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool isLabel(std::string_view label, NameSyntax syntax) {
  if (label.empty() || label.size() > longestLabel) return false;
  const bool lenient = syntax == NameSyntax::lenient;
  if (!lenient && (label.front() == '-' || label.back() == '-')) return false;
  return std::ranges::all_of(label,
                             [&](char c) { return isLetter(c) || isDigit(c) || c == '-' || (lenient && c == '_'); });
}

}  // namespace

std::string foldCase(std::string_view text) {
  std::string folded(text);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

bool isDomainName(std::string_view text, NameSyntax syntax) {
  if (text.size() > longestName) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!isLabel(label, syntax)) return false;
    if (dot == std::string_view::npos) return !std::ranges::all_of(label, isDigit);
    text.remove_prefix(dot + 1);
  }
}

bool isPresentedName(std::string_view text, NameSyntax syntax) {
  if (text.size() > longestName) return false;
  return isDomainName(isWildcard(text) ? text.substr(2) : text, syntax);
}

std::size_t labelCount(std::string_view name) {
  return name.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(name, '.')) + 1;
}

bool isBelow(std::string_view name, std::string_view domain) {
  return !domain.empty() && name.size() > domain.size() + 1 && name.ends_with(domain) &&
         name[name.size() - domain.size() - 1] == '.';
}

std::string_view parentOf(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

std::optional<Pattern> parsePattern(std::string_view text) {
  if (!isPresentedName(text, NameSyntax::lenient)) return std::nullopt;
  const bool wildcard = isWildcard(text);
  const std::string_view domain = wildcard ? text.substr(2) : text;
  if (labelCount(domain) < 2) return std::nullopt;
  return Pattern{foldCase(domain), wildcard};
}

}  // namespace relayproof::reference
