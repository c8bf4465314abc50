#include "fuzz/certificate_input.h"

#include <algorithm>
#include <array>

#include "certs/der.h"
#include "certs/identifiers.h"
#include "certs/string_type.h"
#include "fuzz/name_mutator.h"

namespace relayproof::fuzz {
namespace {

using namespace std::string_view_literals;
using certs::StringType;
namespace der = certs::der;

enum class Where { subject, issuer, subjectAltName, issuerAltName, extension, octets };
enum class Shape {
  attribute,  // of a name: an object identifier and a string of the record's type
  plain,      // the octets under a tag
  objectIdentifier,
  unknown,        // a tag that no GeneralName has
  directoryName,  // a name with a CN in it
  otherName,      // an object identifier and a string
  generalNames,   // one dNSName in GeneralNames, in an extension of another meaning
  string,         // an IA5String in an extension
  constraint,     // a permitted dNSName
  location,       // a URI of where lists or issuers are to be had
  damage          // what is written over the octets of the whole
};
struct Place {
  std::string_view name;
  Where where;
  Shape shape;
  std::string_view oid;  // content octets
  std::uint8_t tag = 0;
  std::string_view before = {};  // what a name has before it there, as a rule
};

constexpr std::array<Place, 39> kPlaces{{
    {"CN", Where::subject, Shape::attribute, "\x55\x04\x03"sv},
    {"DNS-ID", Where::subjectAltName, Shape::plain, {}, der::primitive(2)},
    {"e-mail", Where::subjectAltName, Shape::plain, {}, der::primitive(1), "a@"},
    {"URI", Where::subjectAltName, Shape::plain, {}, der::primitive(6), "https://"},
    {"directoryName CN", Where::subjectAltName, Shape::directoryName, "\x55\x04\x03"sv, der::constructed(4)},
    {"SRV otherName", Where::subjectAltName, Shape::otherName, "\x2b\x06\x01\x05\x05\x07\x08\x07"sv, 22, "_smtp."},
    {"UPN otherName", Where::subjectAltName, Shape::otherName, "\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03"sv, 12, "a@"},
    {"SmtpUTF8 otherName", Where::subjectAltName, Shape::otherName, "\x2b\x06\x01\x05\x05\x07\x08\x09"sv, 12, "a@"},
    {"XMPP otherName", Where::subjectAltName, Shape::otherName, "\x2b\x06\x01\x05\x05\x07\x08\x05"sv, 12, "a@"},
    {"otherName with a dNSName's tag", Where::subjectAltName, Shape::otherName, "\x2a\x03\x04"sv, der::primitive(2)},
    {"IP", Where::subjectAltName, Shape::plain, {}, der::primitive(7)},
    {"registeredID", Where::subjectAltName, Shape::objectIdentifier, {}, der::primitive(8)},
    {"x400Address", Where::subjectAltName, Shape::plain, {}, der::constructed(3)},
    {"GeneralName of tag 9", Where::subjectAltName, Shape::unknown, {}, der::primitive(9)},
    {"constructed dNSName", Where::subjectAltName, Shape::unknown, {}, der::constructed(2)},
    {"O", Where::subject, Shape::attribute, "\x55\x04\x0a"sv},
    {"OU", Where::subject, Shape::attribute, "\x55\x04\x0b"sv},
    {"surname", Where::subject, Shape::attribute, "\x55\x04\x04"sv},
    {"serialNumber", Where::subject, Shape::attribute, "\x55\x04\x05"sv},
    {"title", Where::subject, Shape::attribute, "\x55\x04\x0c"sv},
    {"name", Where::subject, Shape::attribute, "\x55\x04\x29"sv},
    {"dnQualifier", Where::subject, Shape::attribute, "\x55\x04\x2e"sv},
    {"attribute 2.5.4.3.1", Where::subject, Shape::attribute, "\x55\x04\x03\x01"sv},
    {"attribute 2.5.5.3", Where::subject, Shape::attribute, "\x55\x05\x03"sv},
    {"emailAddress", Where::subject, Shape::attribute, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"sv, 0, "a@"},
    {"unstructuredName", Where::subject, Shape::attribute, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02"sv},
    {"DC", Where::subject, Shape::attribute, "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"sv},
    {"UID", Where::subject, Shape::attribute, "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01"sv},
    {"issuer's CN", Where::issuer, Shape::attribute, "\x55\x04\x03"sv},
    {"dNSName of issuerAltName", Where::issuerAltName, Shape::plain, {}, der::primitive(2)},
    {"dNSName of an unknown extension", Where::extension, Shape::generalNames, "\x2a\x03\x04\x05"sv},
    {"dNSName of extension 2.5.29.17.1", Where::extension, Shape::generalNames, "\x55\x1d\x11\x01"sv},
    {"Netscape comment", Where::extension, Shape::string, "\x60\x86\x48\x01\x86\xf8\x42\x01\x0d"sv},
    {"Netscape server name", Where::extension, Shape::string, "\x60\x86\x48\x01\x86\xf8\x42\x01\x0c"sv},
    {"DNS-ID", Where::subjectAltName, Shape::plain, {}, der::primitive(2)},
    {"dNSName of nameConstraints", Where::extension, Shape::constraint, "\x55\x1d\x1e"sv},
    {"URI of cRLDistributionPoints", Where::extension, Shape::location, "\x55\x1d\x1f"sv, 0, "https://"},
    {"URI of authorityInfoAccess", Where::extension, Shape::location, "\x2b\x06\x01\x05\x05\x07\x01\x01"sv, 0,
     "https://"},
    {"damage", Where::octets, Shape::damage, {}},
}};
constexpr std::uint8_t kCommonName = 0;
constexpr std::uint8_t kDnsId = 1;
constexpr std::uint8_t kDamage = kPlaces.size() - 1;

/// What makes a string none of its type.
enum class Flaw { none, octetTooMany, beyondUnicode, overlong };
struct Spelling {
  std::string_view name;
  std::uint8_t tag;
  StringType encoding;  // how the text is written; `other`: its octets as they are
  Flaw flaw = Flaw::none;
};
constexpr std::array<Spelling, 16> kSpellings{
    {{"UTF8String", 12, StringType::other},
     {"PrintableString", 19, StringType::other},
     {"IA5String", 22, StringType::other},
     {"T61String", 20, StringType::teletex},
     {"BMPString", 30, StringType::bmp},
     {"UniversalString", 28, StringType::universal},
     {"BMPString of raw octets", 30, StringType::other},
     {"UniversalString of raw octets", 28, StringType::other},
     {"NumericString", 18, StringType::other},
     {"VisibleString", 26, StringType::other},
     {"OCTET STRING", 4, StringType::other},
     {"UTF8String in BMPString's form", 12, StringType::bmp},
     {"PrintableString in BMPString's form", 19, StringType::bmp},
     {"BMPString and an octet", 30, StringType::bmp, Flaw::octetTooMany},
     {"UniversalString beyond Unicode", 28, StringType::universal, Flaw::beyondUnicode},
     {"overlong UTF8String", 12, StringType::other, Flaw::overlong}}};

constexpr std::size_t kSoundSpellings = 6;  // the first ones, for plain text

enum Form : std::uint8_t {
  kCritical = 1,       // subjectAltName is critical
  kTwice = 2,          // half of the names stand in a second subjectAltName
  kEmpty = 4,          // subjectAltName is there although it holds no name
  kLast = 8,           // it stands behind other extensions
  kNoExtensions = 16,  // there is none but what the records ask for
  kNoSubject = 32      // there is no O beside the records
};

const Place& placeOf(const CertificateInput::Record& record) { return kPlaces[record.place % kPlaces.size()]; }
const Spelling& spellingOf(const CertificateInput::Record& record) {
  return kSpellings[record.spelling % kSpellings.size()];
}

// Is its text written in the record's string type?
bool isSpelt(const Place& place) { return place.shape == Shape::attribute || place.shape == Shape::directoryName; }

Alphabet alphabetOf(const CertificateInput::Record& record) {
  if (placeOf(record).shape != Shape::attribute) return Alphabet::octets;
  const Spelling& spelling = spellingOf(record);
  return spelling.tag == 12 || spelling.encoding != StringType::other ? Alphabet::utf8 : Alphabet::octets;
}

std::string flawed(std::string octets, Flaw flaw) {
  if (octets.empty()) return octets;
  switch (flaw) {
    case Flaw::octetTooMany:
      return octets += octets.front();
    case Flaw::beyondUnicode:
      octets.front() = '\x01';
      return octets;
    case Flaw::overlong: {
      const auto first = static_cast<unsigned char>(octets.front());
      if (first >= 0x80) return octets;
      const std::string two{static_cast<char>(0xC0U | first >> 6), static_cast<char>(0x80U | (first & 0x3FU))};
      return octets.replace(0, 1, two);
    }
    default:
      return octets;
  }
}

std::string contentOf(const CertificateInput::Record& record) {
  const auto [name, tag, encoding, flaw] = spellingOf(record);
  if (encoding == StringType::other) return flawed(record.text, flaw);
  const auto points = certs::decodeString(StringType::utf8, record.text);
  const auto octets = points ? certs::encodeString(encoding, *points) : std::nullopt;
  return flawed(octets ? *octets : record.text, flaw);
}

std::string attributeOf(const Place& place, const CertificateInput::Record& record) {
  return der::sequence({der::tlv(der::kOid, place.oid), der::tlv(spellingOf(record).tag, contentOf(record))});
}

std::string generalNameOf(const CertificateInput::Record& record) {
  const Place& place = placeOf(record);
  switch (place.shape) {
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
    rdns.back().push_back(attributeOf(placeOf(record), record));
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
  const std::string uri = der::tlv(der::primitive(6), record.text);
  switch (place.shape) {
    case Shape::string:
      return der::tlv(22, record.text);
    case Shape::constraint:
      return der::sequence({der::tlv(der::constructed(0), der::sequence({der::tlv(der::primitive(2), record.text)}))});
    case Shape::location:
      if (place.oid.size() == 3)  // RFC 5280 4.2.1.13, a fullName; else 4.2.2.1, of id-ad-caIssuers
        return der::sequence({der::sequence({der::tlv(der::constructed(0), der::tlv(der::constructed(0), uri))})});
      return der::sequence({der::sequence({der::tlv(der::kOid, "\x2b\x06\x01\x05\x05\x07\x30\x02"sv), uri})});
    default:
      return der::sequence({der::tlv(der::primitive(2), record.text)});
  }
}

std::string extensionsOf(const CertificateInput& input) {
  std::string subject, issuer, others, again;
  bool any = (input.form & kEmpty) != 0;
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
        others += extension(place.oid, false, extensionValueOf(record));
        break;
      default:
        break;
    }
  }
  constexpr std::string_view kSubjectAltName = "\x55\x1d\x11"sv;
  std::string names;
  if (any) names = extension(kSubjectAltName, (input.form & kCritical) != 0, der::sequence({subject}));
  if (!again.empty()) names += extension(kSubjectAltName, false, der::sequence({again}));
  if (!issuer.empty()) others += extension("\x55\x1d\x12"sv, false, der::sequence({issuer}));
  // basicConstraints, and extendedKeyUsage clientAuth.
  if ((input.form & kNoExtensions) == 0)
    others += extension("\x55\x1d\x13"sv, true, "\x30\x00"sv) +
              extension("\x55\x1d\x25"sv, false, "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"sv);
  return (input.form & kLast) != 0 ? others + names : names + others;
}

// ecdsa-with-SHA256; two moments; P-256's base point for a key; a signature of ones.
constexpr std::string_view kAlgorithm = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"sv;
constexpr std::string_view kValidity =
    "\x30\x1e\x17\x0d"
    "200101000000Z"
    "\x17\x0d"
    "491231235959Z"sv;
constexpr std::string_view kPublicKey =
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04"
    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45"
    "\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce"
    "\xcb\xb6\x40\x68\x37\xbf\x51\xf5"sv;
constexpr std::string_view kSignature = "\x03\x09\x00\x30\x06\x02\x01\x01\x02\x01\x01"sv;

constexpr std::size_t kMostRecords = 400;

/// Three octets say where and what; a single one left over, behind how many 256ths of it the certificate ends.
void damage(std::string& octets, std::string_view edits) {
  const auto at = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(edits[i])}; };
  for (; edits.size() >= 3; edits.remove_prefix(3)) octets[(at(0) * 256 + at(1)) % octets.size()] = edits[2];
  if (edits.size() == 1) octets.resize(1 + (octets.size() - 1) * at(0) / 256);
}

std::string someEdits(Dice& dice) {
  constexpr std::array<std::uint8_t, 8> kLengths = {0x00, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x88, 0xFF};
  std::string edits;
  for (std::size_t left = dice.below(3); left > 0; --left)
    edits += {static_cast<char>(dice.below(4)), static_cast<char>(dice.below(256)),
              static_cast<char>(dice.oneIn(3) ? dice.below(256) : dice.of(kLengths))};
  if (edits.empty() || dice.oneIn(4)) edits += static_cast<char>(dice.below(256));
  return edits;
}

/// As a name looks where the record stands, now and then.
void dress(CertificateInput::Record& record, Dice& dice) {
  const std::string_view before = placeOf(record).before;
  if (!before.empty() && !record.text.starts_with(before) && !dice.oneIn(3)) record.text.insert(0, before);
}

void addRecord(CertificateInput& input, Dice& dice) {
  CertificateInput::Record record;
  record.place = static_cast<std::uint8_t>(dice.oneIn(3)   ? kCommonName
                                           : dice.oneIn(2) ? kDnsId
                                                           : dice.below(kPlaces.size()));
  if (dice.oneIn(2)) record.spelling = static_cast<std::uint8_t>(dice.below(kSpellings.size()));
  record.joined = dice.oneIn(6);
  if (record.place == kDamage)
    record.text = someEdits(dice);
  else if (dice.oneIn(3))
    record.text = "other" + std::to_string(dice.below(10)) + ".example";
  else if (dice.oneIn(4))
    record.text = dice.oneIn(2) ? "Contoso Mail" : "";
  else
    record.text = someName(dice, input.pattern, alphabetOf(record));
  dress(record, dice);
  const auto at = static_cast<std::ptrdiff_t>(dice.below(input.records.size() + 1));
  input.records.insert(input.records.begin() + at, std::move(record));
}

// Names of no interest before or behind those that have some.
void addMany(CertificateInput& input, Dice& dice) {
  constexpr std::array<std::size_t, 6> kCounts = {4, 8, 16, 32, 100, 256};
  const std::uint8_t place = dice.oneIn(4) ? kCommonName : kDnsId;
  const bool front = !dice.oneIn(3);
  for (std::size_t left = dice.of(kCounts); left > 0 && input.records.size() < kMostRecords; --left)
    input.records.insert(front ? input.records.begin() : input.records.end(),
                         {place, 0, false, "n" + std::to_string(left) + ".example"});
}

// A name in pieces, as domainComponents have it (RFC 4519 2.4): a record a label, the last label first or the first.
void split(CertificateInput& input, std::size_t at, Dice& dice) {
  CertificateInput::Record label = input.records[at];
  const std::string name = std::move(label.text);
  if (dice.oneIn(2)) label.place = static_cast<std::uint8_t>(dice.below(kPlaces.size()));
  const bool lastFirst = dice.oneIn(2);
  input.records.erase(input.records.begin() + static_cast<std::ptrdiff_t>(at));
  for (std::size_t start = 0, end = 0; end != std::string::npos && input.records.size() < kMostRecords;
       start = end + 1) {
    end = name.find('.', start);
    label.text = name.substr(start, end - start);
    input.records.insert(input.records.begin() + static_cast<std::ptrdiff_t>(at), label);
    if (!lastFirst) ++at;
  }
}

}  // namespace

std::optional<CertificateInput> CertificateInput::from(std::string_view octets) {
  const auto octet = [&] {
    const auto value = static_cast<std::uint8_t>(octets.front());
    octets.remove_prefix(1);
    return value;
  };
  CertificateInput input;
  if (octets.size() < 2) return std::nullopt;
  input.form = octet();
  const std::size_t patternSize = octet();
  if (octets.size() < patternSize) return std::nullopt;
  input.pattern = octets.substr(0, patternSize);
  octets.remove_prefix(patternSize);
  while (octets.size() >= 4 && input.records.size() < kMostRecords) {
    Record record;
    record.place = octet();
    record.spelling = octet();
    const unsigned size = octet();
    record.joined = (size & 0x80U) != 0;
    const std::size_t length = std::min<std::size_t>((size & 0x7FU) << 8 | octet(), octets.size());
    record.text = octets.substr(0, length);
    octets.remove_prefix(length);
    input.records.push_back(std::move(record));
  }
  return input;
}

std::string CertificateInput::octets() const {
  const std::size_t patternSize = std::min<std::size_t>(pattern.size(), 0xFF);
  std::string octets{static_cast<char>(form), static_cast<char>(patternSize)};
  octets.append(pattern, 0, patternSize);
  for (const Record& record : records) {
    const std::size_t size = std::min<std::size_t>(record.text.size(), 0x7FFF);
    octets += {static_cast<char>(record.place), static_cast<char>(record.spelling),
               static_cast<char>(size >> 8 | (record.joined ? 0x80U : 0U)), static_cast<char>(size & 0xFFU)};
    octets.append(record.text, 0, size);
  }
  return octets;
}

CertificateInput CertificateInput::some(Dice& dice) {
  CertificateInput input;
  input.pattern = somePattern(dice);
  if (dice.oneIn(3)) input.form = static_cast<std::uint8_t>(1U << dice.below(6));
  for (std::size_t left = 1 + dice.below(3); left > 0; --left) addRecord(input, dice);
  if (dice.oneIn(16)) addMany(input, dice);
  return input;
}

void CertificateInput::mutate(Dice& dice) {
  const std::size_t what = dice.below(16);
  if (records.empty() || what == 0) return addRecord(*this, dice);
  const std::size_t at = dice.below(records.size());
  Record& record = records[at];
  switch (what) {
    case 1:
      records.erase(records.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 2: {
      const Record copy = record;
      if (records.size() < kMostRecords) records.push_back(copy);
      break;
    }
    case 3:
      std::swap(record, records[dice.below(records.size())]);
      break;
    case 4:
    case 5:
      record.place = static_cast<std::uint8_t>(dice.below(kPlaces.size()));
      dress(record, dice);
      break;
    case 6:
      record.spelling = static_cast<std::uint8_t>(dice.below(kSpellings.size()));
      break;
    case 7:
      form = static_cast<std::uint8_t>(form ^ 1U << dice.below(6));
      break;
    case 8:
      if (dice.oneIn(4)) addMany(*this, dice);
      record.joined = !record.joined;
      break;
    case 9:
      record.text =
          placeOf(record).shape == Shape::damage ? someEdits(dice) : someName(dice, pattern, alphabetOf(record));
      dress(record, dice);
      break;
    case 10:
      mutatePattern(dice, pattern);
      break;
    case 11:
      split(*this, at, dice);
      break;
    default:
      mutateName(dice, record.text, pattern, alphabetOf(record));
  }
}

std::string derOf(const CertificateInput& input) {
  std::string issuer = nameOf(input, Where::issuer, true);
  const std::string extensions = extensionsOf(input);
  const std::string toBeSigned = der::sequence(
      {"\xa0\x03\x02\x01\x02\x02\x01\x01"sv, kAlgorithm, issuer, kValidity,
       nameOf(input, Where::subject, (input.form & kNoSubject) == 0), kPublicKey,
       extensions.empty() ? std::string() : der::tlv(der::constructed(3), der::tlv(der::kSequence, extensions))});
  std::string whole = der::sequence({toBeSigned, kAlgorithm, kSignature});
  for (const auto& record : input.records)
    if (placeOf(record).shape == Shape::damage && !whole.empty()) damage(whole, record.text);
  return whole;
}

std::vector<Identifying> identifyingRecords(const CertificateInput& input) {
  std::vector<Identifying> all;
  for (const auto& record : input.records) {
    const Place& place = placeOf(record);
    const StringType type = certs::stringTypeOfTag(spellingOf(record).tag);
    const bool uri = place.tag == der::primitive(6);
    if (record.place == kCommonName && type != StringType::other)
      all.push_back({true, false, type, contentOf(record)});
    else if (place.where == Where::subjectAltName && place.shape == Shape::plain &&
             (uri || place.tag == der::primitive(2)))
      all.push_back({false, !uri, StringType::ia5, record.text});
  }
  return all;
}

Standing standingOf(const CertificateInput& input) {
  Standing standing = Standing::sound;
  for (const auto& record : input.records) {
    const Place& place = placeOf(record);
    const bool noString =
        record.place == kCommonName && certs::stringTypeOfTag(spellingOf(record).tag) == StringType::other;
    if (place.shape == Shape::unknown || place.shape == Shape::damage || noString) return Standing::undecodable;
    // RFC 5280 A.1: ub-common-name.
    constexpr std::size_t kLongestCommonName = 64;
    if (record.place == kCommonName && record.text.size() > kLongestCommonName) standing = Standing::refusable;
    if (record.place == kCommonName || place.tag == der::primitive(2)) continue;
    if (place.shape == Shape::constraint) standing = Standing::refusable;  // they are an authority's
    const bool plain = !record.text.empty() &&
                       std::all_of(record.text.begin(), record.text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    const bool sound = !isSpelt(place) || record.spelling % kSpellings.size() < kSoundSpellings;
    if (!plain || !sound) standing = Standing::refusable;
  }
  return standing;
}

std::string textOf(const CertificateInput& input) {
  std::string text;
  for (const auto& record : input.records) {
    const Place& place = placeOf(record);
    if (!text.empty()) text += record.joined ? " + " : "; ";
    text += place.name;
    if (isSpelt(place) && record.spelling != 0) text.append(" (").append(spellingOf(record).name).append(")");
    text += " " + certs::escaped(record.text);
    if (text.size() > 2000) return text + " …";
  }
  if ((input.form & kTwice) != 0) text += "; subjectAltName twice";
  if ((input.form & kEmpty) != 0) text += "; subjectAltName empty, or not";
  return text;
}

}  // namespace relayproof::fuzz
