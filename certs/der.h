// DER (X.690): a writer that makes exactly the octets it is told to, hostile ones too, and a bounded reader.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relayproof::certs::der {

enum Tag : std::uint8_t {
  kBoolean = 0x01,
  kInteger = 0x02,
  kBitString = 0x03,
  kOctetString = 0x04,
  kNull = 0x05,
  kOid = 0x06,
  kUtcTime = 0x17,
  kGeneralizedTime = 0x18,
  kSequence = 0x30,
  kSet = 0x31,
};

/// Context-specific tags [0] to [30].
constexpr std::uint8_t primitive(unsigned number) { return static_cast<std::uint8_t>(0x80U | number); }
constexpr std::uint8_t constructed(unsigned number) { return static_cast<std::uint8_t>(0xA0U | number); }

/// One element whose content is the parts, end to end.
std::string tlv(std::uint8_t tag, std::initializer_list<std::string_view> parts);
std::string tlv(std::uint8_t tag, std::string_view content);
std::string sequence(std::initializer_list<std::string_view> parts);
std::string sequenceOf(const std::vector<std::string>& parts);
/// An INTEGER from its unsigned big-endian octets, made minimal.
std::string unsignedInteger(std::string_view octets);
std::string bitString(std::string_view octets);
/// BIT STRING of named bits (X.680 22.7): bit 0 of `bits` is the first; trailing zero bits are left out.
std::string namedBits(std::uint16_t bits);
/// UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5); seconds since the epoch, years 1950 to 9999.
std::string time(std::int64_t seconds);

/// The content octets of an OBJECT IDENTIFIER from its dotted form; nullopt: the text is none.
std::optional<std::string> oidContent(std::string_view dotted);
/// Dotted form of the content octets of an OBJECT IDENTIFIER; "" when they are none.
std::string oidText(std::string_view content);
/// A whole element from a dotted form that is known to be right.
std::string oid(std::string_view dotted);

/// One element as read; the views point into the octets that were read.
struct Element {
  std::uint8_t tag = 0;
  std::string_view content;
  std::string_view whole;
};

/// Reads element after element. Only what DER allows is taken: definite, minimal lengths and tag numbers below 31.
class Reader {
 public:
  explicit Reader(std::string_view octets) : rest_(octets) {}

  bool atEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  /// The next element; nullopt at the end and where the octets are no element, and then nothing is consumed.
  std::optional<Element> next();
  /// The next element if it has this tag.
  std::optional<Element> next(std::uint8_t tag);

 private:
  std::string_view rest_;
};

/// The one element that fills `octets` to the end and has this tag.
std::optional<Element> only(std::string_view octets, std::uint8_t tag);

}  // namespace relayproof::certs::der
