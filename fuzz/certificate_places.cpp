#include "fuzz/certificate_places.h"

namespace relayproof::fuzz {

using namespace std::string_view_literals;
using certs::StringType;
namespace der = certs::der;

constinit const std::array<Place, 47> kPlaces{{
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
    {"URI of cRLDistributionPoints", Where::extension, Shape::listLocation, "\x55\x1d\x1f"sv, 0, "https://"},
    {"URI of authorityInfoAccess", Where::extension, Shape::issuerLocation, "\x2b\x06\x01\x05\x05\x07\x01\x01"sv, 0,
     "https://"},
    {"damage", Where::octets, Shape::damage, {}},
    {"dNSName of extension 2.5.29.7", Where::extension, Shape::generalNames, "\x55\x1d\x07"sv},
    {"dNSName of extension 1.2.3.17", Where::extension, Shape::generalNames, "\x2a\x03\x11"sv},
    {"directoryName O", Where::subjectAltName, Shape::directoryName, "\x55\x04\x0a"sv, der::constructed(4)},
    {"pseudonym", Where::subject, Shape::attribute, "\x55\x04\x41"sv},
    {"attribute 1.2.3", Where::subject, Shape::attribute, "\x2a\x03"sv},
    {"attribute 2.3.4.3", Where::subject, Shape::attribute, "\x53\x04\x03"sv},
    {"issuer's O", Where::issuer, Shape::attribute, "\x55\x04\x0a"sv},
    {"IA5String in subjectAltName", Where::subjectAltName, Shape::unknown, {}, 22},
}};
constinit const std::array<Spelling, 17> kSpellings{
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
     {"overlong UTF8String", 12, StringType::other, Flaw::overlong},
     {"overlong UTF8String of three octets", 12, StringType::other, Flaw::overlongThrice}}};

const Place& placeOf(const CertificateInput::Record& record) { return kPlaces[record.place % kPlaces.size()]; }
const Spelling& spellingOf(const CertificateInput::Record& record) {
  return kSpellings[record.spelling % kSpellings.size()];
}

bool isSpelt(const Place& place) { return place.shape == Shape::attribute || place.shape == Shape::directoryName; }

namespace {

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
    case Flaw::overlongThrice: {
      const auto first = static_cast<unsigned char>(octets.front());
      if (first >= 0x80) return octets;
      const std::string three{'\xE0', static_cast<char>(0x80U | first >> 6),
                              static_cast<char>(0x80U | (first & 0x3FU))};
      return octets.replace(0, 1, three);
    }
    default:
      return octets;
  }
}

}  // namespace

std::string contentOf(const CertificateInput::Record& record) {
  const auto [name, tag, encoding, flaw] = spellingOf(record);
  if (encoding == StringType::other) return flawed(record.text, flaw);
  const auto points = certs::decodeString(StringType::utf8, record.text);
  const auto octets = points ? certs::encodeString(encoding, *points) : std::nullopt;
  return flawed(octets ? *octets : record.text, flaw);
}

}  // namespace relayproof::fuzz
