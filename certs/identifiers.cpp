#include "certs/identifiers.h"

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

// False where the value is no GeneralNames, or one without a name (RFC 5280 4.2.1.6: at least one).
bool readSubjectAltName(std::string_view value, SubjectIdentifiers& into) {
  const auto names = der::only(value, der::kSequence);
  if (!names || names->content.empty()) return false;
  der::Reader reader(names->content);
  while (!reader.atEnd()) {
    const auto name = reader.next();
    if (!name) return false;
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
