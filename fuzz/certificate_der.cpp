// The octets of a CertificateInput.
#include <algorithm>

#include "fuzz/certificate_input.h"
#include "fuzz/certificate_places.h"

namespace relayproof::fuzz {
namespace {

using namespace std::string_view_literals;
namespace der = certs::der;

std::string attributeOf(const Place& place, const CertificateInput::Record& record) {
  return der::sequence({der::tlv(der::kOid, place.oid), der::tlv(spellingOf(record).tag, contentOf(record))});
}

// An O that holds, in its string, what looks like the place of a name to who searches for the octets before it.
std::string innerOf(const Place& place, const CertificateInput::Record& record) {
  const bool extension = place.oid[1] == '\x1d';
  const std::string name = extension
                               ? der::tlv(der::kOctetString, der::sequence({der::tlv(der::primitive(2), record.text)}))
                               : der::tlv(spellingOf(record).tag, contentOf(record));
  return der::sequence(
      {der::tlv(der::kOid, "\x55\x04\x0a"sv), der::tlv(20, der::sequence({der::tlv(der::kOid, place.oid), name}))});
}

std::string generalNameOf(const CertificateInput::Record& record) {
  const Place& place = placeOf(record);
  switch (place.shape) {
    case Shape::partyName:
      return der::tlv(place.tag, der::tlv(der::constructed(1), der::tlv(12, record.text)));
    case Shape::manyNames: {
      std::string names;
      for (std::size_t left = countOf(record); left > 0; --left)
        names += der::tlv(place.tag, "n" + std::to_string(left) + ".example");
      return names;
    }
    case Shape::directoryName:
      return der::tlv(place.tag, der::sequence({der::tlv(der::kSet, attributeOf(place, record))}));
    case Shape::otherName:
      return der::tlv(der::constructed(0), {der::tlv(der::kOid, place.oid),
                                            der::tlv(der::constructed(0), der::tlv(place.tag, record.text))});
    case Shape::objectIdentifier: {
      std::string arcs = record.text.empty() ? "\x2a\x03" : "";
      for (const char c : record.text) arcs += static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
      return der::tlv(place.tag, arcs);
    }
    default:
      return der::tlv(place.tag, record.text);
  }
}

std::string nameOf(const CertificateInput& input, Where where, bool withOrganisation) {
  std::vector<std::vector<std::string>> rdns;
  if (withOrganisation)
    rdns.push_back({der::sequence({der::tlv(der::kOid, "\x55\x04\x0a"sv), der::tlv(12, "Contoso"sv)})});
  bool first = true;
  for (const auto& record : input.records) {
    if (placeOf(record).where != where) continue;
    if (!record.joined || first) rdns.emplace_back();
    const Place& place = placeOf(record);
    rdns.back().push_back(place.shape == Shape::inner ? innerOf(place, record) : attributeOf(place, record));
    first = false;
  }
  std::string content;
  for (auto& rdn : rdns) {
    std::sort(rdn.begin(), rdn.end());  // a SET OF, in DER
    std::string attributes;
    for (const std::string& attribute : rdn) attributes += attribute;
    content += der::tlv(der::kSet, attributes);
  }
  return der::tlv(der::kSequence, content);
}

std::string extension(std::string_view oid, bool critical, std::string_view value) {
  return der::sequence({der::tlv(der::kOid, oid), critical ? der::tlv(der::kBoolean, "\xff"sv) : std::string(),
                        der::tlv(der::kOctetString, value)});
}

std::string extensionValueOf(const CertificateInput::Record& record) {
  const Place& place = placeOf(record);
  const std::string location = der::tlv(place.tag, record.text);
  switch (place.shape) {
    case Shape::string:
      return der::tlv(22, record.text);
    case Shape::padding:
      return der::tlv(22, std::string(countOf(record), 'x'));
    case Shape::constraint:
      return der::sequence({der::tlv(der::constructed(0), der::sequence({der::tlv(der::primitive(2), record.text)}))});
    case Shape::listLocation:  // RFC 5280 4.2.1.13, a fullName
      return der::sequence({der::sequence({der::tlv(der::constructed(0), der::tlv(der::constructed(0), location))})});
    case Shape::issuerLocation:  // RFC 5280 4.2.2.1, of id-ad-caIssuers
      return der::sequence({der::sequence({der::tlv(der::kOid, "\x2b\x06\x01\x05\x05\x07\x30\x02"sv), location})});
    default:
      return der::sequence({der::tlv(der::primitive(2), record.text)});
  }
}

std::string manyExtensions(const Place& place, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    std::string oid(place.oid);
    if (i >= 128) oid += static_cast<char>(0x80U | i >> 7);
    all += extension(oid += static_cast<char>(i & 0x7FU), false, "\x05\x00"sv);
  }
  return all;
}

std::string extensionsOf(const CertificateInput& input) {
  std::string subject, issuer, others, again;
  bool any = (input.form & kEmpty) != 0;
  bool usual = (input.form & kNoExtensions) == 0;
  for (const auto& record : input.records) {
    const Place& place = placeOf(record);
    switch (place.where) {
      case Where::subjectAltName:
        any = true;
        ((input.form & kTwice) != 0 && !subject.empty() ? again : subject) += generalNameOf(record);
        break;
      case Where::issuerAltName:
        issuer += generalNameOf(record);
        break;
      case Where::extension:
        if (place.shape == Shape::manyExtensions)
          others += manyExtensions(place, countOf(record));
        else
          others += extension(place.oid, false, extensionValueOf(record));
        break;
      default:
        usual = usual && place.shape != Shape::version1;
    }
  }
  constexpr std::string_view kSubjectAltName = "\x55\x1d\x11"sv;
  std::string names;
  if (any) names = extension(kSubjectAltName, (input.form & kCritical) != 0, der::sequence({subject}));
  if (!again.empty()) names += extension(kSubjectAltName, false, der::sequence({again}));
  if (!issuer.empty()) others += extension("\x55\x1d\x12"sv, false, der::sequence({issuer}));
  // basicConstraints, and extendedKeyUsage clientAuth.
  if (usual)
    others += extension("\x55\x1d\x13"sv, true, "\x30\x00"sv) +
              extension("\x55\x1d\x25"sv, false, "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"sv);
  const std::string unknown =
      (input.form & kUnknownFirst) != 0 ? extension("\x2a\x03\x04\x06"sv, true, "\x05\x00"sv) : std::string();
  return unknown + ((input.form & kLast) != 0 ? others + names : names + others);
}

// ecdsa-with-SHA256; two moments, as UTCTime and as GeneralizedTime; P-256's base point for a key; a signature of ones.
constexpr std::string_view kAlgorithm = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"sv;
constexpr std::string_view kValidity =
    "\x30\x1e\x17\x0d"
    "200101000000Z"
    "\x17\x0d"
    "491231235959Z"sv;
constexpr std::string_view kLongValidity =
    "\x30\x22\x18\x0f"
    "20200101000000Z"
    "\x18\x0f"
    "20501231235959Z"sv;
constexpr std::string_view kPublicKey =
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04"
    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45"
    "\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce"
    "\xcb\xb6\x40\x68\x37\xbf\x51\xf5"sv;
// rsaEncryption: a modulus of 2,048 bits, all ones but the last but one, and 65,537.
std::string rsaKey() {
  std::string modulus(257, '\xff');
  modulus.front() = '\0';
  modulus.back() = '\xfd';
  const std::string key = der::sequence({der::tlv(2, modulus), der::tlv(2, "\x01\x00\x01"sv)});
  return der::sequence({der::sequence({der::tlv(der::kOid, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv), "\x05\x00"sv}),
                        der::tlv(3, std::string(1, '\0') + key)});
}

constexpr std::string_view kEd25519 = "\x30\x05\x06\x03\x2b\x65\x70"sv;
std::string edwardsKey() {
  const std::string basePoint = '\x58' + std::string(31, '\x66');
  return der::sequence({kEd25519, der::tlv(3, std::string(1, '\0') + basePoint)});
}

constexpr std::string_view kSignature = "\x03\x09\x00\x30\x06\x02\x01\x01\x02\x01\x01"sv;

/// Three octets say where and what; a single one left over, behind how many 256ths of it the certificate ends.
void damage(std::string& octets, std::string_view edits) {
  const auto at = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(edits[i])}; };
  for (; edits.size() >= 3; edits.remove_prefix(3)) octets[(at(0) * 256 + at(1)) % octets.size()] = edits[2];
  if (edits.size() == 1) octets.resize(1 + (octets.size() - 1) * at(0) / 256);
}

}  // namespace

std::string derOf(const CertificateInput& input) {
  const auto has = [&](Shape shape) {
    const auto at = std::ranges::find_if(input.records, [&](const auto& r) { return placeOf(r).shape == shape; });
    return at == input.records.end() ? nullptr : &*at;
  };
  std::string issuer = nameOf(input, Where::issuer, true);
  const std::string extensions = extensionsOf(input);
  const auto* const id = has(Shape::uniqueId);
  const bool version1 = has(Shape::version1) && extensions.empty() && id == nullptr;
  const std::string_view algorithm = has(Shape::edwardsKey) ? kEd25519 : kAlgorithm;
  const std::string toBeSigned = der::sequence(
      {version1 ? std::string_view() : "\xa0\x03\x02\x01\x02"sv,
       der::tlv(2, has(Shape::longSerial) ? std::string(20, '\x7f') : "\x01"), algorithm, issuer,
       has(Shape::longTimes) ? kLongValidity : kValidity, nameOf(input, Where::subject, (input.form & kNoSubject) == 0),
       has(Shape::rsaKey)       ? rsaKey()
       : has(Shape::edwardsKey) ? edwardsKey()
                                : std::string(kPublicKey),
       id == nullptr ? std::string() : der::tlv(placeOf(*id).tag, std::string(1, '\0') + id->text),
       extensions.empty() ? std::string() : der::tlv(der::constructed(3), der::tlv(der::kSequence, extensions))});
  std::string whole = der::sequence({toBeSigned, algorithm, kSignature});
  for (const auto& record : input.records)
    if (placeOf(record).shape == Shape::damage && !whole.empty()) damage(whole, record.text);
  return whole;
}

}  // namespace relayproof::fuzz
