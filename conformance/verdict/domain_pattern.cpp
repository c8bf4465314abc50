#include "conformance/verdict/domain_pattern.h"

#include <algorithm>

namespace relayproof::verdict {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;
constexpr std::string_view kWildcard = "*.";

// The locale must not have a say in what a name is.
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isLetter(char c) { return isUpper(c) || (c >= 'a' && c <= 'z'); }

std::string_view faultOfOctet(char c) {
  if (isLetter(c) || isDigit(c) || c == '-' || c == '_') return {};
  const auto octet = static_cast<unsigned char>(c);
  if (octet > 0x7F) return "holds an octet outside ASCII";
  if (octet == 0) return "holds a NUL";
  if (octet < 0x20 || octet == 0x7F) return "holds a control octet";
  if (c == ' ') return "holds white space";
  if (c == '*') return "holds a `*` that is not the whole left-most label";
  if (c == '@') return "is a mail address";
  return "holds an octet that no name has";
}

std::string_view faultOfLabel(std::string_view label, NameSyntax syntax) {
  if (label.empty()) return "has an empty label";
  for (const char c : label)
    if (const auto fault = faultOfOctet(c); !fault.empty()) return fault;
  if (label.size() > kLongestLabel) return "has a label of more than 63 octets";
  if (syntax == NameSyntax::lenient) return {};
  if (label.find('_') != std::string_view::npos) return "has `_`, which the preferred name syntax lacks";
  if (label.front() == '-' || label.back() == '-') return "has a label with an outer hyphen";
  return {};
}

}  // namespace

std::string_view faultOfName(std::string_view text, NameSyntax syntax) {
  if (text.empty()) return "is empty";
  std::string_view label;
  for (std::size_t start = 0;;) {
    const std::size_t dot = text.find('.', start);
    label = text.substr(start, dot - start);
    if (const auto fault = faultOfLabel(label, syntax); !fault.empty()) return fault;
    if (dot == std::string_view::npos) break;
    start = dot + 1;
  }
  if (text.size() > kLongestName) return "has more than 253 octets";
  if (std::all_of(label.begin(), label.end(), isDigit)) return "ends in a label of digits, as an address does";
  return {};
}

std::optional<DomainName> DomainName::parse(std::string_view text, NameSyntax syntax) {
  if (!faultOfName(text, syntax).empty()) return std::nullopt;
  std::string folded(text);
  for (char& c : folded)
    if (isUpper(c)) c = static_cast<char>(c - 'A' + 'a');
  return DomainName(std::move(folded));
}

std::size_t DomainName::labelCount() const { return 1 + static_cast<std::size_t>(std::ranges::count(text_, '.')); }

std::optional<DomainName> DomainName::parent() const {
  const std::size_t dot = text_.find('.');
  if (dot == std::string::npos) return std::nullopt;
  return DomainName(text_.substr(dot + 1));
}

bool DomainName::isBelow(const DomainName& ancestor) const {
  std::string_view text = text_;
  if (!text.ends_with(ancestor.text_)) return false;
  text.remove_suffix(ancestor.text_.size());
  return text.ends_with('.');
}

DomainPattern::Parsed DomainPattern::parse(std::string_view text) {
  const auto fault = [](std::string_view problem) { return Parsed{std::nullopt, std::string(problem)}; };
  if (text == "*") return fault("is a bare `*`");
  const bool wildcard = text.starts_with(kWildcard);
  const std::string_view rest = wildcard ? text.substr(kWildcard.size()) : text;
  if (wildcard && text.size() > kLongestName) return fault("has more than 253 octets");
  if (rest.size() > 1 && rest.ends_with('.')) return fault("has a trailing dot");
  if (const auto problem = faultOfName(rest); !problem.empty()) return fault(problem);
  const auto name = DomainName::parse(rest);
  if (name->labelCount() < 2) return fault(wildcard ? "is `*.` before a single label" : "is a single label");
  return Parsed{DomainPattern{*name, wildcard}, {}};
}

}  // namespace relayproof::verdict
