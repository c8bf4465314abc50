// Where a value may stand in the certificate of a CertificateInput, and in what string type.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "certs/der.h"
#include "certs/string_type.h"
#include "fuzz/certificate_input.h"

namespace relayproof::fuzz {

enum class Where { subject, issuer, subjectAltName, issuerAltName, extension, frame, octets };
enum class Shape {
  attribute,  // of a name: an object identifier and a string of the record's type
  plain,      // the octets under a tag
  objectIdentifier,
  unknown,         // a tag that no GeneralName has
  directoryName,   // a name with a CN in it
  otherName,       // an object identifier and a string
  generalNames,    // one dNSName in GeneralNames, in an extension of another meaning
  string,          // an IA5String in an extension
  constraint,      // a permitted dNSName
  listLocation,    // where lists of revoked certificates are to be had
  issuerLocation,  // where issuers are
  inner,           // an attribute whose string holds the name as an extension, or an attribute, has it in DER
  partyName,       // of an ediPartyName
  manyNames,       // as many dNSNames as the first two octets say
  manyExtensions,  // as many extensions that nobody knows
  padding,         // an extension of as many octets
  uniqueId,        // a BIT STRING behind the key
  version1,        // no version, where there are no extensions
  longTimes,       // GeneralizedTime
  rsaKey,
  edwardsKey,
  longSerial,  // the longest that RFC 5280 has (4.1.2.2)
  damage       // what is written over the octets of the whole
};
struct Place {
  std::string_view name;
  Where where;
  Shape shape;
  std::string_view oid;  // content octets
  std::uint8_t tag = 0;
  std::string_view before = {};  // what a name has before it there, as a rule
};

/// In the order of Record::place.
extern const std::array<Place, 69> kPlaces;
constexpr std::uint8_t kCommonName = 0;
constexpr std::uint8_t kDnsId = 1;
constexpr std::size_t kOfTheWhole = 10;  // the last ones: counts, and what is about no name

/// What makes a string none of its type.
enum class Flaw {
  none,
  octetTooMany,
  beyondUnicode,
  overlong,
  overlongThrice,
  overlongFourTimes,
  ofSixOctets,
  cutCharacter,
  byteOrderMark,
  surrogates,
  accent,
  swapped
};
struct Spelling {
  std::string_view name;
  std::uint8_t tag;
  certs::StringType encoding;  // how the text is written; `other`: its octets as they are
  Flaw flaw = Flaw::none;
};
/// In the order of Record::spelling.
extern const std::array<Spelling, 25> kSpellings;
constexpr std::size_t kSoundSpellings = 6;  // the first ones, for plain text

enum Form : std::uint8_t {
  kCritical = 1,       // subjectAltName is critical
  kTwice = 2,          // half of the names stand in a second subjectAltName
  kEmpty = 4,          // subjectAltName is there although it holds no name
  kLast = 8,           // it stands behind other extensions
  kNoExtensions = 16,  // there is none but what the records ask for
  kNoSubject = 32,     // there is no O beside the records
  kUnknownFirst = 64   // an extension that nobody knows is critical, and stands before all
};

const Place& placeOf(const CertificateInput::Record& record);
const Spelling& spellingOf(const CertificateInput::Record& record);

/// Is its text written in the record's string type?
bool isSpelt(const Place& place);

/// How many names, extensions or octets the record stands for.
std::size_t countOf(const CertificateInput::Record& record);

/// The octets of the string that the record's text becomes in its string type.
std::string contentOf(const CertificateInput::Record& record);

}  // namespace relayproof::fuzz
