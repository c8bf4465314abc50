// What one presented identifier says: a name (with or without `*.`), free text that identifies nobody, or a malformed
// name, which matches nothing. RFC 5280 4.2.1.6, RFC 9525 6.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "certs/identifiers.h"
#include "conformance/verdict/choices.h"
#include "conformance/verdict/domain_pattern.h"

namespace relayproof::verdict {

/// `mail.contoso.test`, or `*.contoso.test` as a certificate may say it (there a single label may follow the `*.`).
struct PresentedName {
  DomainName name;
  bool wildcard = false;
  std::string text() const { return wildcard ? "*." + name.text() : name.text(); }
  /// The name less its left-most label; of `*.D` that is D.
  std::optional<DomainName> parent() const { return wildcard ? std::optional(name) : name.parent(); }
  bool operator==(const PresentedName&) const = default;
};

struct Reading {
  enum class Kind { name, freeText, malformed };
  Kind kind = Kind::malformed;
  std::optional<PresentedName> name;  ///< of kind name
  std::string_view fault;             ///< of the other kinds: the reason; a static text
};

/// Asks for trailingDot, nameSyntax and uLabelInCommonName only where they matter.
Reading readPresented(const certs::PresentedIdentifier& presented, Choices& choices);

}  // namespace relayproof::verdict
