#include "fuzz/question.h"

#include <cstdint>

namespace relayproof::fuzz {
namespace {

void writePoint(std::FILE* out, std::uint32_t point) {
  if (point == '"' || point == '\\')
    std::fprintf(out, "\\%c", static_cast<char>(point));
  else if (point >= 0x20 && point < 0x7F)
    std::fputc(static_cast<int>(point), out);
  else if (point < 0x10000)
    std::fprintf(out, "\\u%04x", point);
  else
    std::fprintf(out, "\\u%04x\\u%04x", 0xD800 + ((point - 0x10000) >> 10), 0xDC00 + (point & 0x3FF));
}

// A code point an octet.
void writeOctets(std::FILE* out, std::string_view octets) {
  for (const char c : octets) writePoint(out, static_cast<unsigned char>(c));
}

// `text` is valid: no other common name is asked about.
void writeUtf8(std::FILE* out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const std::size_t more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    std::uint32_t point = more == 0 ? lead : lead & (0x3FU >> more);
    for (std::size_t n = 0; n < more && i < text.size(); ++n)
      point = point << 6 | (static_cast<unsigned char>(text[i++]) & 0x3FU);
    writePoint(out, point);
  }
}

void writeBase64(std::FILE* out, std::string_view octets) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const auto at = [&](std::size_t place) {
      return place < octets.size() ? std::uint32_t{static_cast<unsigned char>(octets[place])} : 0;
    };
    const std::uint32_t bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    for (std::size_t digit = 0; digit < 4; ++digit)
      std::fputc(i + digit <= octets.size() ? kDigits[bits >> (18 - 6 * digit) & 0x3F] : '=', out);
  }
}

}  // namespace

void writeLine(std::FILE* out, const Question& question) {
  std::fputs(R"({"id":"find","pattern":")", out);
  writeOctets(out, question.pattern);
  if (!question.certificate.empty()) {
    std::fputs(R"(","certificate":")", out);
    writeBase64(out, question.certificate);
    std::fputs("\"}\n", out);
    return;
  }
  const bool dnsId = question.kind == certs::IdentifierKind::dnsId;
  std::fputs(R"(","presented":")", out);
  (dnsId ? writeOctets : writeUtf8)(out, question.presented);
  std::fprintf(out, "\",\"kind\":\"%s\"}\n", dnsId ? "DNS-ID" : "CN");
}

}  // namespace relayproof::fuzz
