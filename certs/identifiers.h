// Presented identifiers: the names that a client certificate puts forward, read from its DER octets by a walk of our
// own, so that nothing between the wire and the verdict can lose a NUL, a type or an order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"

namespace relayproof::certs {

/// The string types of ASN.1 that names come in; the values are the universal tag numbers (X.680).
enum class StringType : std::uint8_t {
  utf8 = 12,
  printable = 19,
  teletex = 20,
  ia5 = 22,
  universal = 28,
  bmp = 30,
  other = 0
};

/// CN: a commonName attribute of the subject. DNS-ID: a dNSName of subjectAltName (RFC 9525).
enum class IdentifierKind { commonName, dnsId };

/// One presented identifier as it stands in the certificate: `octets` are the content octets, never decoded.
struct PresentedIdentifier {
  IdentifierKind kind = IdentifierKind::dnsId;
  StringType type = StringType::ia5;
  std::string octets;
  bool operator==(const PresentedIdentifier&) const = default;
};

struct SubjectIdentifiers {
  std::vector<PresentedIdentifier> commonNames;  ///< in DER order
  std::vector<PresentedIdentifier> dnsIds;       ///< in DER order
  /// A URI-ID, or an SRV-ID (otherName id-on-dnsSRV), is present: the third condition of RFC 6125 6.4.4.
  bool otherSubjectIdentifiers = false;
  /// subjectAltName is there but cannot be decoded, is empty, or stands twice; `dnsIds` holds what could be read.
  bool subjectAltNameMalformed = false;
  /// A URI holds an octet that none has (RFC 3986 2): one beyond printable ASCII, or a space.
  bool uriMalformed = false;
};

/// Walks one certificate (DER). An Error when the walk cannot reach the subject and the extensions.
Expected<SubjectIdentifiers> subjectIdentifiers(std::string_view der);

/// The text of a string by its type, as code points; T61String as Latin-1. nullopt: the octets do not fit the type.
std::optional<std::u32string> decodeString(StringType type, std::string_view octets);

/// A name as a person may safely see it: everything outside printable ASCII as \xHH, the backslash doubled.
std::string escaped(std::string_view octets);

}  // namespace relayproof::certs
