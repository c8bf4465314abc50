#include "fuzz/certificate_input.h"

#include <algorithm>
#include <array>

#include "certs/identifiers.h"
#include "certs/string_type.h"
#include "fuzz/certificate_places.h"
#include "fuzz/name_mutator.h"

namespace relayproof::fuzz {
namespace {

using certs::StringType;
namespace der = certs::der;

constexpr std::size_t kMostRecords = 400;

Alphabet alphabetOf(const CertificateInput::Record& record) {
  if (placeOf(record).shape != Shape::attribute) return Alphabet::octets;
  const Spelling& spelling = spellingOf(record);
  return spelling.tag == 12 || spelling.encoding != StringType::other ? Alphabet::utf8 : Alphabet::octets;
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

/// One less than a limit that somebody may have, it, and one more.
std::string someCount(Dice& dice) {
  constexpr std::array<std::size_t, 16> kLimits = {7,  8,   15,  16,  20,   31,   32,   63,
                                                   64, 100, 255, 300, 1000, 1023, 4095, 16384};
  const std::size_t count = dice.of(kLimits) + dice.below(3);
  return {static_cast<char>(count >> 8), static_cast<char>(count & 0xFFU)};
}

bool isCounted(Shape shape) {
  return shape == Shape::manyNames || shape == Shape::manyExtensions || shape == Shape::padding;
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
                                           : dice.oneIn(6) ? kPlaces.size() - 1 - dice.below(kOfTheWhole)
                                                           : dice.below(kPlaces.size()));
  if (dice.oneIn(2)) record.spelling = static_cast<std::uint8_t>(dice.below(kSpellings.size()));
  record.joined = dice.oneIn(6);
  if (placeOf(record).shape == Shape::damage)
    record.text = someEdits(dice);
  else if (isCounted(placeOf(record).shape))
    record.text = someCount(dice);
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
  if (dice.oneIn(3)) input.form = static_cast<std::uint8_t>(1U << dice.below(7));
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
      if (isCounted(placeOf(record).shape)) record.text = someCount(dice);
      dress(record, dice);
      break;
    case 6:
      record.spelling = static_cast<std::uint8_t>(dice.below(kSpellings.size()));
      break;
    case 7:
      form = static_cast<std::uint8_t>(form ^ 1U << dice.below(7));
      break;
    case 8:
      if (dice.oneIn(4)) addMany(*this, dice);
      record.joined = !record.joined;
      break;
    case 9:
      record.text = placeOf(record).shape == Shape::damage ? someEdits(dice)
                    : isCounted(placeOf(record).shape)     ? someCount(dice)
                                                           : someName(dice, pattern, alphabetOf(record));
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

std::vector<Identifying> identifyingRecords(const CertificateInput& input) {
  std::vector<Identifying> all;
  for (const auto& record : input.records) {
    const Place& place = placeOf(record);
    const StringType type = certs::stringTypeOfTag(spellingOf(record).tag);
    const bool uri = place.tag == der::primitive(6);
    if (record.place == kCommonName && type != StringType::other)
      all.push_back({true, false, type, contentOf(record)});
    else if (place.shape == Shape::manyNames)
      for (std::size_t left = countOf(record); left > 0; --left)
        all.push_back({false, true, StringType::ia5, "n" + std::to_string(left) + ".example"});
    else if (place.where == Where::subjectAltName && place.shape == Shape::plain &&
             (uri || place.tag == der::primitive(2)))
      all.push_back({false, !uri, StringType::ia5, record.text});
  }
  return all;
}

Standing standingOf(const CertificateInput& input) {
  // RFC 5280 4.2: whoever does not know a critical extension refuses the whole.
  Standing standing = (input.form & kUnknownFirst) != 0 ? Standing::refusable : Standing::sound;
  for (const auto& record : input.records) {
    const Place& place = placeOf(record);
    const bool noString =
        record.place == kCommonName && certs::stringTypeOfTag(spellingOf(record).tag) == StringType::other;
    if (place.shape == Shape::unknown || place.shape == Shape::damage || noString) return Standing::undecodable;
    // RFC 5280 A.1: ub-common-name.
    constexpr std::size_t kLongestCommonName = 64;
    if (record.place == kCommonName && record.text.size() > kLongestCommonName) standing = Standing::refusable;
    if (place.where == Where::frame && place.shape != Shape::uniqueId) continue;
    if (record.place == kCommonName || isCounted(place.shape)) continue;
    if (place.tag == der::primitive(2) && place.shape == Shape::plain) continue;
    // No authority gives unique IDs (RFC 5280 4.1.2.8), and octets of DER are no text.
    if (place.shape == Shape::uniqueId || place.shape == Shape::inner) standing = Standing::refusable;
    if (place.shape == Shape::constraint) standing = Standing::refusable;  // they are an authority's
    const bool plain = !record.text.empty() &&
                       std::all_of(record.text.begin(), record.text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    const bool sound = !isSpelt(place) || record.spelling % kSpellings.size() < kSoundSpellings;
    if (!plain || !sound) standing = Standing::refusable;
  }
  return standing;
}

namespace {

std::string labelOf(const CertificateInput::Record& record) {
  const Place& place = placeOf(record);
  std::string label(place.name);
  if (isSpelt(place) && record.spelling != 0) label.append(" (").append(spellingOf(record).name).append(")");
  return label;
}

}  // namespace

std::string globOf(const CertificateInput& input) {
  std::string glob = "*";
  for (const auto& record : input.records)
    if (glob.size() < 200) glob += labelOf(record) + " *";
  return glob;
}

std::string textOf(const CertificateInput& input) {
  std::string text;
  for (const auto& record : input.records) {
    if (!text.empty()) text += record.joined ? " + " : "; ";
    text += labelOf(record) + " " + certs::escaped(record.text);
    if (text.size() > 2000) return text + " …";
  }
  if ((input.form & kTwice) != 0) text += "; subjectAltName twice";
  if ((input.form & kEmpty) != 0) text += "; subjectAltName empty, or not";
  if ((input.form & kUnknownFirst) != 0) text += "; an unknown critical extension first";
  return text;
}

}  // namespace relayproof::fuzz
