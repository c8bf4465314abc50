#include "certs/certificate.h"

#include <algorithm>

#include "certs/certificate_walk.h"
#include "certs/der.h"

namespace relayproof::certs {
namespace {

constexpr std::string_view kSubjectKeyIdentifierOid = "\x55\x1d\x0e";
constexpr std::string_view kKeyUsageOid = "\x55\x1d\x0f";
constexpr std::string_view kBasicConstraintsOid = "\x55\x1d\x13";
constexpr std::string_view kNameConstraintsOid = "\x55\x1d\x1e";
constexpr std::string_view kAuthorityKeyIdentifierOid = "\x55\x1d\x23";

const std::string& trueValue() {
  static const std::string value = der::tlv(der::kBoolean, "\xff");
  return value;
}

std::string extension(std::string_view oid, bool critical, std::string_view value) {
  return der::sequence({der::tlv(der::kOid, oid), critical ? std::string_view(trueValue()) : std::string_view(),
                        der::tlv(der::kOctetString, value)});
}

std::string basicConstraints(const Blueprint& blueprint) {
  if (!blueprint.ca && !blueprint.pathLength) return der::sequence({});
  std::string content = blueprint.ca ? trueValue() : std::string();
  if (blueprint.pathLength) content += der::unsignedInteger(std::string(1, static_cast<char>(*blueprint.pathLength)));
  return der::tlv(der::kSequence, content);
}

std::string purposes(const std::vector<std::string>& oids) {
  std::string content;
  for (const std::string& oid : oids) content += der::tlv(der::kOid, oid);
  return der::tlv(der::kSequence, content);
}

// A SEQUENCE that promises more than there is: one octet of its content is cut off.
std::string undecodable(const std::vector<std::string>& names) {
  if (names.empty()) return "\x30\x05\x82";
  std::string value = der::sequenceOf(names);
  value.pop_back();
  return value;
}

// The extensions that hold names: none, one, or two of the same kind.
std::string subjectAltNames(const Blueprint& blueprint) {
  const auto one = [](const std::vector<std::string>& names, bool critical = false) {
    return extension(kSubjectAltNameOid, critical, der::sequenceOf(names));
  };
  switch (blueprint.sanForm) {
    case SanForm::normal:
      return blueprint.san.empty() ? std::string() : one(blueprint.san);
    case SanForm::critical:
      return one(blueprint.san, true);
    case SanForm::empty:
      return one({});
    case SanForm::undecodable:
      return extension(kSubjectAltNameOid, false, undecodable(blueprint.san));
    case SanForm::twiceFirst:
      return one(blueprint.san) + one(blueprint.sanOther);
    case SanForm::twiceSecond:
      return one(blueprint.sanOther) + one(blueprint.san);
  }
  return {};
}

std::string extensions(const Blueprint& blueprint, const PrivateKey& key, std::string_view issuerKeyIdentifier) {
  const auto replaced = [&](std::string_view oid) {
    return std::any_of(blueprint.extensions.begin(), blueprint.extensions.end(),
                       [&](const BlueprintExtension& own) { return own.oid == oid; });
  };
  std::string list;
  const auto add = [&](std::string_view oid, bool critical, std::string_view value) {
    if (!replaced(oid)) list += extension(oid, critical, value);
  };
  add(kBasicConstraintsOid, true, basicConstraints(blueprint));
  if (blueprint.keyUsage != 0) add(kKeyUsageOid, true, der::namedBits(blueprint.keyUsage));
  if (!blueprint.extendedKeyUsage.empty()) add(kExtendedKeyUsageOid, false, purposes(blueprint.extendedKeyUsage));
  add(kSubjectKeyIdentifierOid, false, der::tlv(der::kOctetString, key.identifier()));
  if (!issuerKeyIdentifier.empty())
    add(kAuthorityKeyIdentifierOid, false, der::sequence({der::tlv(der::primitive(0), issuerKeyIdentifier)}));
  if (blueprint.nameConstraints) add(kNameConstraintsOid, true, *blueprint.nameConstraints);
  if (!replaced(kSubjectAltNameOid)) list += subjectAltNames(blueprint);
  for (const BlueprintExtension& own : blueprint.extensions)
    if (own.value) list += extension(own.oid, own.critical, *own.value);
  return der::tlv(der::constructed(3), der::tlv(der::kSequence, list));
}

}  // namespace

std::string makeCertificate(const Blueprint& blueprint, const PrivateKey& subjectKey, const Issuer& issuer,
                            std::string_view serial) {
  static const std::string version3 = der::tlv(der::constructed(0), der::unsignedInteger("\x02"));
  // Of the arc for examples (RFC 5612).
  static const std::string unknown = der::sequence({der::oid("1.3.6.1.4.1.32473.57")});
  const std::string algorithm =
      blueprint.signature == SignatureForm::unknown ? unknown : issuer.signer->signatureAlgorithm(blueprint.scheme);
  // ECDSA with SHA-512, which no key of ours makes.
  static const std::string other = der::sequence({der::oid("1.2.840.10045.4.3.4")});
  const std::string toBeSigned = der::sequence(
      {blueprint.version1 ? std::string_view() : version3, der::tlv(der::kInteger, serial),
       blueprint.signature == SignatureForm::renamedInside ? other : algorithm, issuer.subject,
       der::sequence({blueprint.notBefore, blueprint.notAfter}), blueprint.subject, subjectKey.publicInfo(),
       blueprint.version1 ? std::string() : extensions(blueprint, subjectKey, issuer.keyIdentifier)});
  std::string signature = issuer.signer->sign(toBeSigned, blueprint.scheme);
  if (blueprint.signature == SignatureForm::broken) signature.back() = static_cast<char>(signature.back() ^ 0x01);
  if (blueprint.signature == SignatureForm::empty) signature.clear();
  return der::sequence(
      {toBeSigned, blueprint.signature == SignatureForm::renamed ? other : algorithm, der::bitString(signature)});
}

}  // namespace relayproof::certs
