#include "certs/der.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace relayproof::certs::der {
namespace {

void appendHeader(std::string& out, std::uint8_t tag, std::size_t length) {
  out.push_back(static_cast<char>(tag));
  if (length < 0x80) {
    out.push_back(static_cast<char>(length));
    return;
  }
  const unsigned octets = static_cast<unsigned>(std::bit_width(length) + 7) / 8;
  out.push_back(static_cast<char>(0x80U | octets));
  for (unsigned i = octets; i-- > 0;) out.push_back(static_cast<char>((length >> (8 * i)) & 0xFF));
}

void appendBase128(std::string& out, std::uint64_t value) {
  const int groups = std::max(1, (static_cast<int>(std::bit_width(value)) + 6) / 7);
  for (int i = groups; i-- > 0;) out.push_back(static_cast<char>(((value >> (7 * i)) & 0x7F) | (i > 0 ? 0x80U : 0U)));
}

}  // namespace

std::string tlv(std::uint8_t tag, std::initializer_list<std::string_view> parts) {
  std::size_t length = 0;
  for (const std::string_view part : parts) length += part.size();
  std::string out;
  out.reserve(length + 6);
  appendHeader(out, tag, length);
  for (const std::string_view part : parts) out += part;
  return out;
}

std::string tlv(std::uint8_t tag, std::string_view content) { return tlv(tag, {content}); }

std::string sequence(std::initializer_list<std::string_view> parts) { return tlv(kSequence, parts); }

std::string sequenceOf(const std::vector<std::string>& parts) {
  std::string content;
  for (const std::string& part : parts) content += part;
  return tlv(kSequence, content);
}

std::string unsignedInteger(std::string_view octets) {
  while (octets.size() > 1 && octets.front() == 0) octets.remove_prefix(1);
  const bool looksNegative = octets.empty() || (static_cast<unsigned char>(octets.front()) & 0x80U) != 0;
  return tlv(kInteger, {looksNegative ? std::string_view("\0", 1) : std::string_view(), octets});
}

std::string bitString(std::string_view octets) { return tlv(kBitString, {std::string_view("\0", 1), octets}); }

std::string namedBits(std::uint16_t bits) {
  std::string content(1, '\0');
  for (unsigned from = 0; from < 16 && (bits >> from) != 0; from += 8) {
    unsigned octet = 0;
    for (unsigned i = 0; i < 8; ++i) octet |= ((bits >> (from + i)) & 1U) << (7 - i);
    content.push_back(static_cast<char>(octet));
  }
  if (content.size() > 1) content[0] = static_cast<char>(std::countr_zero(static_cast<unsigned char>(content.back())));
  return tlv(kBitString, content);
}

std::string time(std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds instant{std::chrono::seconds(seconds)};
  const auto midnight = floor<days>(instant);
  const year_month_day date(midnight);
  const hh_mm_ss clock(instant - midnight);
  const int year = static_cast<int>(date.year());
  const std::string rest =
      fmt::format("{:02}{:02}{:02}{:02}{:02}Z", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  return year < 2050 ? tlv(kUtcTime, fmt::format("{:02}{}", year % 100, rest))
                     : tlv(kGeneralizedTime, fmt::format("{:04}{}", year, rest));
}

std::optional<std::string> oidContent(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  while (true) {
    const std::size_t dot = dotted.find('.');
    const std::string_view arc = dotted.substr(0, dot);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(arc.data(), arc.data() + arc.size(), value);
    if (arc.empty() || error != std::errc() || end != arc.data() + arc.size()) return std::nullopt;
    arcs.push_back(value);
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39)) return std::nullopt;
  std::string content;
  appendBase128(content, 40 * arcs[0] + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); ++i) appendBase128(content, arcs[i]);
  return content;
}

std::string oidText(std::string_view content) {
  std::string text;
  std::uint64_t value = 0;
  bool open = false;
  for (const char c : content) {
    const auto octet = static_cast<unsigned char>(c);
    if ((value >> 57) != 0 || (!open && octet == 0x80)) return {};
    value = (value << 7) | (octet & 0x7FU);
    open = (octet & 0x80U) != 0;
    if (open) continue;
    if (text.empty()) {
      const std::uint64_t root = std::min<std::uint64_t>(value / 40, 2);
      text = fmt::format("{}.{}", root, value - 40 * root);
    } else {
      text += fmt::format(".{}", value);
    }
    value = 0;
  }
  return open ? std::string() : text;
}

std::string oid(std::string_view dotted) {
  const auto content = oidContent(dotted);
  if (!content) throw std::logic_error(fmt::format("no object identifier: {}", dotted));
  return tlv(kOid, *content);
}

std::optional<Element> Reader::next() {
  if (rest_.size() < 2) return std::nullopt;
  const auto octet = [this](std::size_t i) { return static_cast<unsigned char>(rest_[i]); };
  if ((octet(0) & 0x1FU) == 0x1FU) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = octet(1);
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7FU;
    if (octets == 0 || octets > 4 || rest_.size() < 2 + octets || octet(2) == 0) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = (length << 8) | octet(2 + i);
    if (length < 0x80) return std::nullopt;
    header += octets;
  }
  if (length > rest_.size() - header) return std::nullopt;
  const Element element{octet(0), rest_.substr(header, length), rest_.substr(0, header + length)};
  rest_.remove_prefix(header + length);
  return element;
}

std::optional<Element> Reader::next(std::uint8_t tag) {
  if (rest_.empty() || static_cast<unsigned char>(rest_.front()) != tag) return std::nullopt;
  return next();
}

std::optional<Element> only(std::string_view octets, std::uint8_t tag) {
  Reader reader(octets);
  const auto element = reader.next(tag);
  return element && reader.atEnd() ? element : std::nullopt;
}

}  // namespace relayproof::certs::der
