#include "certs/identifiers.h"

#include <algorithm>
#include <array>

#include "certs/certificate_walk.h"
#include "certs/der.h"
#include "certs/string_type.h"

namespace relayproof::certs {
namespace {

constexpr std::uint8_t kDnsName = der::primitive(2);
constexpr std::uint8_t kUri = der::primitive(6);
constexpr std::uint8_t kOtherName = der::constructed(0);
constexpr std::uint8_t kDirectoryName = der::constructed(4);
constexpr std::uint8_t kRegisteredId = der::primitive(8);

bool isSrvName(std::string_view otherName) {
  const auto oid = der::Reader(otherName).next(der::kOid);
  return oid && oid->content == kSrvNameOid;
}

// The tags of GeneralName (RFC 5280 4.2.1.6), of which some are constructed. Any other makes the whole undecodable.
bool isGeneralNameTag(std::uint8_t tag) {
  constexpr std::array<std::uint8_t, 9> kTags{kOtherName,     der::primitive(1),   kDnsName, der::constructed(3),
                                              kDirectoryName, der::constructed(5), kUri,     der::primitive(7),
                                              kRegisteredId};
  return std::find(kTags.begin(), kTags.end(), tag) != kTags.end();
}

// X.690 8.19: whole subidentifiers, each in as few octets as will do.
bool isObjectIdentifier(std::string_view content) {
  bool begins = true;
  for (const char c : content) {
    const auto octet = static_cast<unsigned char>(c);
    if (begins && octet == 0x80) return false;
    begins = octet < 0x80;
  }
  return !content.empty() && begins;
}

// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
bool isOtherName(std::string_view content) {
  der::Reader reader(content);
  const auto type = reader.next(der::kOid);
  const auto value = reader.next(der::constructed(0));
  if (!type || !isObjectIdentifier(type->content) || !value || !reader.atEnd()) return false;
  der::Reader inner(value->content);
  return inner.next() && inner.atEnd();
}

// Where a name of another kind is not what its tag says, decoders take none of the names.
bool isGeneralName(const der::Element& name) {
  if (!isGeneralNameTag(name.tag)) return false;
  if (name.tag == kOtherName) return isOtherName(name.content);
  if (name.tag == kDirectoryName) return walkName(name.content).has_value();
  if (name.tag == kRegisteredId) return isObjectIdentifier(name.content);
  return true;
}

// False where the value is no GeneralNames, or one without a name (RFC 5280 4.2.1.6: at least one).
bool readSubjectAltName(std::string_view value, SubjectIdentifiers& into) {
  const auto names = der::only(value, der::kSequence);
  if (!names || names->content.empty()) return false;
  der::Reader reader(names->content);
  while (!reader.atEnd()) {
    const auto name = reader.next();
    if (!name || !isGeneralName(*name)) return false;
    if (name->tag == kDnsName)
      into.dnsIds.push_back({IdentifierKind::dnsId, StringType::ia5, std::string(name->content)});
    if (name->tag == kUri)
      into.uriMalformed |=
          std::any_of(name->content.begin(), name->content.end(), [](char c) { return c <= ' ' || c > '~'; });
    if (name->tag == kUri || (name->tag == kOtherName && isSrvName(name->content))) into.otherSubjectIdentifiers = true;
  }
  return true;
}

}  // namespace

Expected<SubjectIdentifiers> subjectIdentifiers(std::string_view der) {
  const auto certificate = walkCertificate(der);
  if (!certificate) return certificate.error();
  const auto subject = walkName(certificate->subject);
  if (!subject) return subject.error();

  SubjectIdentifiers found;
  for (const AttributeView& attribute : *subject)
    if (attribute.oid == kCommonNameOid)
      found.commonNames.push_back(
          {IdentifierKind::commonName, stringTypeOfTag(attribute.tag), std::string(attribute.octets)});

  int copies = 0;
  for (const ExtensionView& extension : certificate->extensions)
    if (extension.oid == kSubjectAltNameOid && (!readSubjectAltName(extension.value, found) || ++copies > 1))
      found.subjectAltNameMalformed = true;
  return found;
}

}  // namespace relayproof::certs
