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

bool isSrvName(std::string_view otherName) {
  const auto oid = der::Reader(otherName).next(der::kOid);
  return oid && oid->content == kSrvNameOid;
}

// The tags of GeneralName (RFC 5280 4.2.1.6), of which some are constructed. Any other makes the whole undecodable.
bool isGeneralNameTag(std::uint8_t tag) {
  constexpr std::array<std::uint8_t, 9> kTags{kOtherName,          der::primitive(1),   kDnsName, der::constructed(3),
                                              der::constructed(4), der::constructed(5), kUri,     der::primitive(7),
                                              der::primitive(8)};
  return std::find(kTags.begin(), kTags.end(), tag) != kTags.end();
}

// False where the value is no GeneralNames, or one without a name (RFC 5280 4.2.1.6: at least one).
bool readSubjectAltName(std::string_view value, SubjectIdentifiers& into) {
  const auto names = der::only(value, der::kSequence);
  if (!names || names->content.empty()) return false;
  der::Reader reader(names->content);
  while (!reader.atEnd()) {
    const auto name = reader.next();
    if (!name || !isGeneralNameTag(name->tag)) return false;
    if (name->tag == kDnsName)
      into.dnsIds.push_back({IdentifierKind::dnsId, StringType::ia5, std::string(name->content)});
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
