#include "certs/string_type.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace relayproof::certs {
namespace {

constexpr std::array<std::pair<StringType, std::string_view>, 6> kNames{{{StringType::utf8, "UTF8String"},
                                                                         {StringType::printable, "PrintableString"},
                                                                         {StringType::teletex, "T61String"},
                                                                         {StringType::ia5, "IA5String"},
                                                                         {StringType::universal, "UniversalString"},
                                                                         {StringType::bmp, "BMPString"}}};

bool isScalarValue(char32_t point) { return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF); }

char octet(char32_t value) { return static_cast<char>(value & 0xFFU); }

std::string encodeUtf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) {
    if (c < 0x80) {
      out += octet(c);
    } else if (c < 0x800) {
      out += {octet(0xC0U | (c >> 6)), octet(0x80U | (c & 0x3FU))};
    } else if (c < 0x10000) {
      out += {octet(0xE0U | (c >> 12)), octet(0x80U | ((c >> 6) & 0x3FU)), octet(0x80U | (c & 0x3FU))};
    } else {
      out += {octet(0xF0U | (c >> 18)), octet(0x80U | ((c >> 12) & 0x3FU)), octet(0x80U | ((c >> 6) & 0x3FU)),
              octet(0x80U | (c & 0x3FU))};
    }
  }
  return out;
}

// RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF.
std::optional<std::u32string> decodeUtf8(std::string_view octets) {
  std::u32string text;
  for (std::size_t i = 0; i < octets.size();) {
    const auto lead = static_cast<unsigned char>(octets[i++]);
    const int trailing = lead < 0x80 ? 0 : lead < 0xC0 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF8 ? 3 : -1;
    if (trailing < 0) return std::nullopt;
    char32_t point = trailing == 0 ? lead : lead & (0x3FU >> trailing);
    for (int n = 0; n < trailing; ++n) {
      if (i == octets.size() || (static_cast<unsigned char>(octets[i]) & 0xC0U) != 0x80) return std::nullopt;
      point = (point << 6) | (static_cast<unsigned char>(octets[i++]) & 0x3FU);
    }
    constexpr std::array<char32_t, 4> least{0, 0x80, 0x800, 0x10000};
    if (point < least[static_cast<std::size_t>(trailing)] || !isScalarValue(point)) return std::nullopt;
    text += point;
  }
  return text;
}

// Big-endian units of `width` octets, each one code point of at most `most`.
std::optional<std::string> encodeFixed(std::u32string_view text, unsigned width, char32_t most) {
  std::string out;
  for (const char32_t c : text) {
    if (c > most) return std::nullopt;
    for (unsigned i = width; i-- > 0;) out += octet(c >> (8 * i));
  }
  return out;
}

std::optional<std::u32string> decodeFixed(std::string_view octets, std::size_t width, char32_t most) {
  if (octets.size() % width != 0) return std::nullopt;
  std::u32string text;
  for (std::size_t i = 0; i < octets.size(); i += width) {
    char32_t point = 0;
    for (std::size_t j = 0; j < width; ++j) point = (point << 8) | static_cast<unsigned char>(octets[i + j]);
    if (point > most || !isScalarValue(point)) return std::nullopt;
    text += point;
  }
  return text;
}

}  // namespace

std::optional<std::string> encodeString(StringType type, std::u32string_view text) {
  switch (type) {
    case StringType::utf8:
      return encodeUtf8(text);
    case StringType::printable:
    case StringType::teletex:
    case StringType::ia5:
      return encodeFixed(text, 1, 0xFF);
    case StringType::bmp:
      return encodeFixed(text, 2, 0xFFFF);
    case StringType::universal:
      return encodeFixed(text, 4, 0x10FFFF);
    case StringType::other:
      return std::nullopt;
  }
  return std::nullopt;
}

// PrintableString and IA5String are read as ASCII: certificates in use put `*`, `_` and `@` into a PrintableString.
std::optional<std::u32string> decodeString(StringType type, std::string_view octets) {
  switch (type) {
    case StringType::utf8:
      return decodeUtf8(octets);
    case StringType::printable:
    case StringType::ia5:
      return decodeFixed(octets, 1, 0x7F);
    case StringType::teletex:
      return decodeFixed(octets, 1, 0xFF);
    case StringType::bmp:
      return decodeFixed(octets, 2, 0xFFFF);
    case StringType::universal:
      return decodeFixed(octets, 4, 0x10FFFF);
    case StringType::other:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view nameOf(StringType type) {
  for (const auto& [known, name] : kNames)
    if (known == type) return name;
  return {};
}

std::optional<StringType> stringTypeNamed(std::string_view name) {
  for (const auto& [type, known] : kNames)
    if (known == name) return type;
  return std::nullopt;
}

StringType stringTypeOfTag(std::uint8_t tag) {
  for (const auto& [type, name] : kNames)
    if (static_cast<std::uint8_t>(type) == tag) return type;
  return StringType::other;
}

std::string escaped(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    const auto value = static_cast<unsigned char>(c);
    if (c == '\\')
      text += "\\\\";
    else if (value >= 0x20 && value < 0x7F)
      text += c;
    else
      text += fmt::format("\\x{:02X}", value);
  }
  return text;
}

}  // namespace relayproof::certs
