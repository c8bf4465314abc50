// Domain names, the patterns of connectors, and presented names: three types that cannot be confused. A wildcard in a
// pattern stands in the *reference*; a wildcard in a presented name stands in the certificate.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relayproof::verdict {

/// Which octets a label may have. preferred: letters, digits, inner hyphens (RFC 5280 4.2.1.6); lenient: also `_` and
/// outer hyphens.
enum class NameSyntax { preferred, lenient };

/// Why `text` is no domain name by that syntax, in a few words; empty when it is one.
std::string_view faultOfName(std::string_view text, NameSyntax syntax = NameSyntax::lenient);

/// Labels of 1 to 63 octets, at most 253 octets in all, the last label not all digits; ASCII case folded.
class DomainName {
 public:
  /// nullopt when `text` is no name by that syntax.
  static std::optional<DomainName> parse(std::string_view text, NameSyntax syntax = NameSyntax::lenient);
  const std::string& text() const { return text_; }  ///< lower case
  std::size_t labelCount() const;
  /// The name less its left-most label; nullopt for one label.
  std::optional<DomainName> parent() const;
  /// True when this name is `ancestor` with one or more labels before it.
  bool isBelow(const DomainName& ancestor) const;
  auto operator<=>(const DomainName&) const = default;
  bool operator==(const DomainName&) const = default;

 private:
  explicit DomainName(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// `mail.contoso.test`, or `*.contoso.test`: a name of two or more labels, with or without `*.` before it.
struct DomainPattern {
  DomainName name;
  bool wildcard = false;

  /// Either a pattern, or the reason in a few words why `text` is none.
  struct Parsed;
  static Parsed parse(std::string_view text);
  std::string text() const { return wildcard ? "*." + name.text() : name.text(); }
  bool operator==(const DomainPattern&) const = default;
};

struct DomainPattern::Parsed {
  std::optional<DomainPattern> pattern;
  std::string problem;
};

}  // namespace relayproof::verdict
