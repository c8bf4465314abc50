#pragma once

#include <openssl/types.h>

#include <optional>
#include <string>
#include <vector>

// The names a certificate holds, as OpenSSL's API gives them. Nothing is judged here.
namespace relayproof::reference {

struct CertificateNames {
  // Each commonName of the subject in the order of its DER, as UTF-8; nothing where its octets do not decode by their
  // ASN.1 type (PrintableString and IA5String as ASCII, UTF8String, T61String as Latin-1, BMPString, UniversalString).
  std::vector<std::optional<std::string>> commonNames;
  // Each dNSName of subjectAltName, its octets. An extension that stands twice is one empty dNSName.
  std::vector<std::string> dnsNames;
  // Is there an SRV-ID (RFC 4985) or a URI-ID?
  bool otherSubjectIdentifiers = false;
  // Is there a subjectAltName that does not decode, is empty (RFC 5280 4.2.1.6), stands twice, or holds a URI with an
  // octet that no URI has (RFC 3986 2)? A fault like a malformed name, but no DNS-ID.
  bool subjectAltNameMalformed = false;
};

CertificateNames readNames(const X509* certificate);

// A directory string as UTF-8, by the table above.
std::optional<std::string> decodeText(const ASN1_STRING* string);

}  // namespace relayproof::reference
