#include "certs/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "certs/certificate_walk.h"
#include "certs/der.h"
#include "certs/digest.h"
#include "certs/oid_names.h"
#include "certs/string_type.h"

namespace relayproof::certs {
namespace {

constexpr std::array<OidName, 7> kExtensions{{{"2.5.29.14", "subjectKeyIdentifier"},
                                              {"2.5.29.15", "keyUsage"},
                                              {"2.5.29.19", "basicConstraints"},
                                              {"2.5.29.30", "nameConstraints"},
                                              {"2.5.29.31", "cRLDistributionPoints"},
                                              {"2.5.29.35", "authorityKeyIdentifier"},
                                              {"2.5.29.32", "certificatePolicies"}}};
constexpr std::array<std::string_view, 9> kFormNames{"otherName",   "rfc822Name",    "DNS-ID",
                                                     "x400Address", "directoryName", "ediPartyName",
                                                     "URI",         "iPAddress",     "registeredID"};

// The short name of an object identifier (content octets), or its dotted form.
template <std::size_t N>
std::string wordFor(std::string_view oid, const std::array<OidName, N>& words) {
  const std::string dotted = der::oidText(oid);
  for (const auto& [known, word] : words)
    if (known == dotted) return std::string(word);
  return dotted.empty() ? "an undecodable identifier" : dotted;
}

std::string shown(std::string_view octets) { return fmt::format("\"{}\"", escaped(octets)); }

std::string typed(std::uint8_t tag, std::string_view octets) {
  const std::string_view type = nameOf(stringTypeOfTag(tag));
  return type.empty() ? fmt::format("tag {:#04x} {}", tag, shown(octets)) : fmt::format("{} {}", type, shown(octets));
}

std::string name(std::string_view der) {
  const auto attributes = walkName(der);
  if (!attributes) return "undecodable: " + shown(der);
  std::string text;
  for (const AttributeView& attribute : *attributes) {
    if (!text.empty()) text += attribute.startsRdn ? ", " : " + ";
    text += fmt::format("{}={}", wordFor(attribute.oid, kAttributeNames), typed(attribute.tag, attribute.octets));
  }
  return text.empty() ? "empty" : text;
}

// "200101000000Z" or "20500101000000Z" as RFC 3339; what is neither is shown as it stands.
std::string instant(const der::Element& time) {
  std::string digits(time.content);
  if (time.tag == der::kUtcTime && digits.size() == 13) digits.insert(0, digits[0] >= '5' ? "19" : "20");
  if (digits.size() != 15 || digits.find_first_not_of("0123456789") != 14 || digits[14] != 'Z') return shown(digits);
  return fmt::format("{}-{}-{}T{}:{}:{}Z", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2),
                     digits.substr(8, 2), digits.substr(10, 2), digits.substr(12, 2));
}

std::string validity(std::string_view der) {
  const auto both = der::only(der, der::kSequence);
  if (!both) return "undecodable";
  der::Reader reader(both->content);
  const auto from = reader.next();
  const auto to = reader.next();
  return from && to ? fmt::format("{} to {}", instant(*from), instant(*to)) : "undecodable";
}

std::string otherName(std::string_view content) {
  der::Reader reader(content);
  const auto oid = reader.next(der::kOid);
  const auto wrapped = reader.next(der::constructed(0));
  const auto value = wrapped ? der::Reader(wrapped->content).next() : std::nullopt;
  if (!oid || !value) return "undecodable";
  return fmt::format("{} {}", wordFor(oid->content, std::array<OidName, 1>{{{"1.3.6.1.5.5.7.8.7", "SRV-ID"}}}),
                     typed(value->tag, value->content));
}

std::string address(std::string_view octets) {
  if (octets.size() != 4) return hex(octets);
  const auto part = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(octets[i])); };
  return fmt::format("{}.{}.{}.{}", part(0), part(1), part(2), part(3));
}

std::string generalName(const der::Element& element) {
  const unsigned number = element.tag & 0x1FU;
  if ((element.tag & 0xC0U) != 0x80 || number >= kFormNames.size())
    return fmt::format("tag {:#04x} {}", element.tag, hex(element.content));
  const std::string form(kFormNames[number]);
  switch (number) {
    case 0:
      return form + " " + otherName(element.content);
    case 4:
      return form + " " + name(element.content);
    case 7:
      return form + " " + address(element.content);
    case 8:
      return form + " " + der::oidText(element.content);
    case 3:
    case 5:
      return form + " " + hex(element.content);
    default:
      return form + " " + shown(element.content);
  }
}

std::string subjectAltName(const ExtensionView& extension) {
  std::string text = fmt::format("subjectAltName{}\n", extension.critical ? ", critical" : "");
  const auto names = der::only(extension.value, der::kSequence);
  if (!names) return text + "  undecodable: " + hex(extension.value) + "\n";
  if (names->content.empty()) text += "  empty\n";
  der::Reader reader(names->content);
  while (!reader.atEnd()) {
    const auto each = reader.next();
    if (!each) return text + "  undecodable from here: " + hex(reader.rest()) + "\n";
    text += "  " + generalName(*each) + "\n";
  }
  return text;
}

std::string extendedKeyUsage(const ExtensionView& extension) {
  std::string text = "extendedKeyUsage";
  const auto list = der::only(extension.value, der::kSequence);
  if (!list) return text + " undecodable\n";
  der::Reader reader(list->content);
  while (const auto purpose = reader.next(der::kOid)) text += " " + wordFor(purpose->content, kPurposeNames);
  return text + "\n";
}

std::string keyUsage(const ExtensionView& extension) {
  // RFC 5280 4.2.1.3, the first bit first.
  constexpr std::array<std::string_view, 9> kBits{"digitalSignature", "nonRepudiation", "keyEncipherment",
                                                  "dataEncipherment", "keyAgreement",   "keyCertSign",
                                                  "cRLSign",          "encipherOnly",   "decipherOnly"};
  const auto bits = der::only(extension.value, der::kBitString);
  if (!bits || bits->content.empty()) return "undecodable";
  std::string text;
  for (std::size_t i = 0; i < kBits.size() && 1 + i / 8 < bits->content.size(); ++i)
    if ((static_cast<unsigned char>(bits->content[1 + i / 8]) >> (7 - i % 8) & 1) != 0)
      text += fmt::format("{}{}", text.empty() ? "" : " ", kBits[i]);
  return text.empty() ? "none" : text;
}

std::string basicConstraints(const ExtensionView& extension) {
  const auto both = der::only(extension.value, der::kSequence);
  if (!both) return "undecodable";
  der::Reader reader(both->content);
  const auto authority = reader.next(der::kBoolean);
  const auto length = reader.next(der::kInteger);
  if (!reader.atEnd()) return "undecodable";
  return fmt::format("{}{}", authority && authority->content != std::string_view("\0", 1) ? "CA" : "no CA",
                     length ? ", path length " + hex(length->content) : "");
}

std::string otherExtension(const ExtensionView& extension) {
  const std::string word = wordFor(extension.oid, kExtensions);
  return fmt::format("{}{} {}\n", word, extension.critical ? ", critical," : "",
                     word == "keyUsage"           ? keyUsage(extension)
                     : word == "basicConstraints" ? basicConstraints(extension)
                                                  : hex(extension.value));
}

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

}  // namespace

Expected<std::string> describeCertificate(std::string_view der) {
  const auto certificate = walkCertificate(der);
  if (!certificate) return certificate.error();
  std::string text =
      fmt::format("serial   {}\nissuer   {}\nvalid    {}\nsubject  {}\n", hex(certificate->serial),
                  name(certificate->issuer), validity(certificate->validity), name(certificate->subject));
  if (const auto attributes = walkName(certificate->subject))
    for (const AttributeView& attribute : *attributes)
      if (attribute.oid == kCommonNameOid) text += "  CN " + typed(attribute.tag, attribute.octets) + "\n";
  for (const ExtensionView& extension : certificate->extensions) {
    if (extension.oid == kSubjectAltNameOid)
      text += subjectAltName(extension);
    else if (extension.oid == kExtendedKeyUsageOid)
      text += extendedKeyUsage(extension);
    else
      text += otherExtension(extension);
  }
  return text;
}

Expected<std::string> describeDeviation(std::string_view der, std::string_view plain) {
  const auto text = describeCertificate(der);
  const auto usual = describeCertificate(plain);
  if (!text || !usual) return text ? usual.error() : text.error();
  const std::vector<std::string_view> known = linesOf(*usual), lines = linesOf(*text);
  const auto in = [](const std::vector<std::string_view>& all, std::string_view line) {
    return std::find(all.begin(), all.end(), line) != all.end();
  };
  std::string marked;
  for (const std::string_view line : lines) marked += fmt::format("{} {}", in(known, line) ? " " : ">", line);
  for (const std::string_view line : known)
    if (line.find(' ') != 0 && !in(lines, line)) {
      const std::string_view word = line.substr(0, line.find_first_of(" ,\n"));
      const bool there = std::any_of(lines.begin(), lines.end(), [&](auto other) { return other.starts_with(word); });
      if (!there) marked += fmt::format("> no {}\n", word);
    }
  return marked;
}

}  // namespace relayproof::certs
