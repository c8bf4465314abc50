#include "certs/certificate_walk.h"

#include "certs/der.h"

namespace relayproof::certs {
namespace {

Error broken(std::string what) { return Error({}, {}, "no certificate: " + std::move(what), {}); }

// Extensions ::= SEQUENCE OF SEQUENCE { OBJECT IDENTIFIER, BOOLEAN DEFAULT FALSE, OCTET STRING }
bool walkExtensions(std::string_view explicitly, std::vector<ExtensionView>& extensions) {
  const auto list = der::only(explicitly, der::kSequence);
  if (!list) return false;
  der::Reader reader(list->content);
  while (!reader.atEnd()) {
    const auto extension = reader.next(der::kSequence);
    if (!extension) return false;
    der::Reader inner(extension->content);
    const auto oid = inner.next(der::kOid);
    const auto critical = inner.next(der::kBoolean);
    const auto value = inner.next(der::kOctetString);
    if (!oid || !value || !inner.atEnd()) return false;
    extensions.push_back({oid->content, critical && critical->content != std::string_view("\0", 1), value->content});
  }
  return true;
}

}  // namespace

Expected<CertificateView> walkCertificate(std::string_view der) {
  const auto certificate = der::only(der, der::kSequence);
  if (!certificate) return broken("the octets are not one SEQUENCE");
  der::Reader outer(certificate->content);
  const auto toBeSigned = outer.next(der::kSequence);
  if (!toBeSigned) return broken("no TBSCertificate");

  der::Reader reader(toBeSigned->content);
  reader.next(der::constructed(0));  // the version, absent in version 1
  const auto serial = reader.next(der::kInteger);
  const auto algorithm = reader.next(der::kSequence);
  const auto issuer = reader.next(der::kSequence);
  const auto validity = reader.next(der::kSequence);
  const auto subject = reader.next(der::kSequence);
  const auto publicInfo = reader.next(der::kSequence);
  if (!serial || !algorithm || !issuer || !validity || !subject || !publicInfo)
    return broken("the subject and its key cannot be reached");

  CertificateView view{serial->content, issuer->whole, validity->whole, subject->whole, publicInfo->whole, {}};
  reader.next(der::primitive(1));  // issuerUniqueID and subjectUniqueID, long out of use
  reader.next(der::primitive(2));
  if (reader.atEnd()) return view;
  const auto extensions = reader.next(der::constructed(3));
  if (!extensions || !reader.atEnd() || !walkExtensions(extensions->content, view.extensions))
    return broken("the extensions cannot be read");
  return view;
}

Expected<std::vector<AttributeView>> walkName(std::string_view name) {
  const auto rdns = der::only(name, der::kSequence);
  if (!rdns) return broken("a name is no SEQUENCE");
  std::vector<AttributeView> attributes;
  der::Reader reader(rdns->content);
  while (!reader.atEnd()) {
    const auto rdn = reader.next(der::kSet);
    if (!rdn) return broken("a name holds something else than RDNs");
    der::Reader inner(rdn->content);
    for (bool first = true; !inner.atEnd(); first = false) {
      const auto attribute = inner.next(der::kSequence);
      if (!attribute) return broken("an RDN holds something else than attributes");
      der::Reader pair(attribute->content);
      const auto oid = pair.next(der::kOid);
      const auto value = pair.next();
      if (!oid || !value || !pair.atEnd()) return broken("an attribute is no pair of type and value");
      attributes.push_back({oid->content, value->tag, value->content, first});
    }
  }
  return attributes;
}

}  // namespace relayproof::certs
