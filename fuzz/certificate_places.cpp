#include "fuzz/certificate_places.h"

namespace relayproof::fuzz {

using namespace std::string_view_literals;
using certs::StringType;
namespace der = certs::der;

constinit const std::array<Place, 69> kPlaces{{
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
    {"URI of cRLDistributionPoints", Where::extension, Shape::listLocation, "\x55\x1d\x1f"sv, der::primitive(6),
     "https://"},
    {"URI of authorityInfoAccess", Where::extension, Shape::issuerLocation, "\x2b\x06\x01\x05\x05\x07\x01\x01"sv,
     der::primitive(6), "https://"},
    {"damage", Where::octets, Shape::damage, {}},
    {"dNSName of extension 2.5.29.7", Where::extension, Shape::generalNames, "\x55\x1d\x07"sv},
    {"dNSName of extension 1.2.3.17", Where::extension, Shape::generalNames, "\x2a\x03\x11"sv},
    {"directoryName O", Where::subjectAltName, Shape::directoryName, "\x55\x04\x0a"sv, der::constructed(4)},
    {"pseudonym", Where::subject, Shape::attribute, "\x55\x04\x41"sv},
    {"attribute 1.2.3", Where::subject, Shape::attribute, "\x2a\x03"sv},
    {"attribute 2.3.4.3", Where::subject, Shape::attribute, "\x53\x04\x03"sv},
    {"issuer's O", Where::issuer, Shape::attribute, "\x55\x04\x0a"sv},
    {"IA5String in subjectAltName", Where::subjectAltName, Shape::unknown, {}, 22},
    // Whose last arc is that of CN, or of subjectAltName, to who keeps 8, 16 or 32 bits of it.
    {"attribute 2.5.4.259", Where::subject, Shape::attribute, "\x55\x04\x82\x03"sv},
    {"attribute 2.5.4.65539", Where::subject, Shape::attribute, "\x55\x04\x84\x80\x03"sv},
    {"attribute 2.5.4.4294967299", Where::subject, Shape::attribute, "\x55\x04\x90\x80\x80\x80\x03"sv},
    {"dNSName of extension 2.5.29.273", Where::extension, Shape::generalNames, "\x55\x1d\x82\x11"sv},
    {"dNSName of extension 2.5.29.65553", Where::extension, Shape::generalNames, "\x55\x1d\x84\x80\x11"sv},
    {"dNSName of extension 2.5.29.4294967313", Where::extension, Shape::generalNames, "\x55\x1d\x90\x80\x80\x80\x11"sv},
    {"attribute 2.5.4.31", Where::subject, Shape::attribute, "\x55\x04\x1f"sv},
    {"subjectAltName within an O", Where::subject, Shape::inner, "\x55\x1d\x11"sv},
    {"CN within an O", Where::subject, Shape::inner, "\x55\x04\x03"sv},
    {"ediPartyName", Where::subjectAltName, Shape::partyName, {}, der::constructed(5)},
    {"dNSName of authorityInfoAccess", Where::extension, Shape::issuerLocation, "\x2b\x06\x01\x05\x05\x07\x01\x01"sv,
     der::primitive(2)},
    {"dNSName of cRLDistributionPoints", Where::extension, Shape::listLocation, "\x55\x1d\x1f"sv, der::primitive(2)},
    {"DNS-IDs, many", Where::subjectAltName, Shape::manyNames, {}, der::primitive(2)},
    {"extensions, many", Where::extension, Shape::manyExtensions, "\x2a\x03\x04\x07"sv},
    {"octets, many", Where::extension, Shape::padding, "\x2a\x03\x04\x08"sv},
    {"subjectUniqueID", Where::frame, Shape::uniqueId, {}, der::primitive(2)},
    {"version 1", Where::frame, Shape::version1, {}},
    {"GeneralizedTime", Where::frame, Shape::longTimes, {}},
    {"RSA key", Where::frame, Shape::rsaKey, {}},
    {"Ed25519 key", Where::frame, Shape::edwardsKey, {}},
    {"issuerUniqueID", Where::frame, Shape::uniqueId, {}, der::primitive(1)},
    {"serial number of 20 octets", Where::frame, Shape::longSerial, {}},
}};
constinit const std::array<Spelling, 25> kSpellings{
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
     {"overlong UTF8String of three octets", 12, StringType::other, Flaw::overlongThrice},
     {"overlong UTF8String of four octets", 12, StringType::other, Flaw::overlongFourTimes},
     {"UTF8String of six octets a character", 12, StringType::other, Flaw::ofSixOctets},
     {"UTF8String that ends within a character", 12, StringType::other, Flaw::cutCharacter},
     {"BMPString with a byte order mark", 30, StringType::bmp, Flaw::byteOrderMark},
     {"BMPString with surrogates", 30, StringType::bmp, Flaw::surrogates},
     {"T61String with an accent", 20, StringType::teletex, Flaw::accent},
     {"UniversalString and an octet", 28, StringType::universal, Flaw::octetTooMany},
     {"BMPString the other way round", 30, StringType::bmp, Flaw::swapped}}};

const Place& placeOf(const CertificateInput::Record& record) { return kPlaces[record.place % kPlaces.size()]; }
const Spelling& spellingOf(const CertificateInput::Record& record) {
  return kSpellings[record.spelling % kSpellings.size()];
}

bool isSpelt(const Place& place) { return place.shape == Shape::attribute || place.shape == Shape::directoryName; }

namespace {

// The first octet, if it is one of ASCII, in more octets than it needs: `lead` begins so many.
std::string stretched(std::string octets, unsigned char lead, std::size_t more) {
  const auto first = static_cast<unsigned char>(octets.front());
  if (first >= 0x80) return octets;
  std::string instead(more, '\x80');
  instead.back() = static_cast<char>(0x80U | (first & 0x3FU));
  const auto high = static_cast<unsigned char>(first >> 6);
  if (more > 1)
    instead[more - 2] = static_cast<char>(0x80U | high);
  else
    lead = static_cast<unsigned char>(lead | high);
  return octets.replace(0, 1, static_cast<char>(lead) + instead);
}

std::string flawed(std::string octets, Flaw flaw) {
  if (octets.empty()) return octets;
  switch (flaw) {
    case Flaw::octetTooMany:
      return octets += octets.front();
    case Flaw::beyondUnicode:
      octets.front() = '\x01';
      return octets;
    case Flaw::overlong:
      return stretched(octets, 0xC0, 1);
    case Flaw::overlongThrice:
      return stretched(octets, 0xE0, 2);
    case Flaw::overlongFourTimes:
      return stretched(octets, 0xF0, 3);
    case Flaw::ofSixOctets:
      return stretched(octets, 0xFC, 5);
    case Flaw::cutCharacter:
      return octets += '\xC3';
    case Flaw::byteOrderMark:
      return octets.insert(0, "\xFE\xFF");
    case Flaw::surrogates:
      return octets.insert(0, "\xD8\x00\xDC\x00"sv);
    case Flaw::accent:
      return octets.insert(0, "\xC2");
    case Flaw::swapped:
      for (std::size_t i = 0; i + 1 < octets.size(); i += 2) std::swap(octets[i], octets[i + 1]);
      return octets.insert(0, "\xFF\xFE");
    default:
      return octets;
  }
}

}  // namespace

std::size_t countOf(const CertificateInput::Record& record) {
  const auto octet = [&](std::size_t at) {
    return at < record.text.size() ? static_cast<unsigned char>(record.text[at]) : 0U;
  };
  const std::size_t most = placeOf(record).shape == Shape::manyNames        ? 4095
                           : placeOf(record).shape == Shape::manyExtensions ? 255
                                                                            : 65535;
  return (octet(0) << 8 | octet(1)) % (most + 1);
}

std::string contentOf(const CertificateInput::Record& record) {
  const auto [name, tag, encoding, flaw] = spellingOf(record);
  if (encoding == StringType::other) return flawed(record.text, flaw);
  const auto points = certs::decodeString(StringType::utf8, record.text);
  const auto octets = points ? certs::encodeString(encoding, *points) : std::nullopt;
  return flawed(octets ? *octets : record.text, flaw);
}

}  // namespace relayproof::fuzz
