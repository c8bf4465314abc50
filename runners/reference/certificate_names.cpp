#include "runners/reference/certificate_names.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace relayproof::reference {
namespace {

std::string octetsOf(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

void append(std::string& text, std::uint32_t codePoint) {
  const auto put = [&](std::uint32_t octet) { text.push_back(static_cast<char>(octet)); };
  const auto tail = [&](unsigned shift) { put(0x80 | (codePoint >> shift & 0x3F)); };
  if (codePoint < 0x80) return put(codePoint);
  if (codePoint < 0x800) return put(0xC0 | codePoint >> 6), tail(0);
  if (codePoint < 0x10000) return put(0xE0 | codePoint >> 12), tail(6), tail(0);
  put(0xF0 | codePoint >> 18), tail(12), tail(6), tail(0);
}

bool isScalar(std::uint32_t codePoint) { return codePoint <= 0x10FFFF && (codePoint < 0xD800 || codePoint > 0xDFFF); }

// Big-endian units of `width` octets.
std::optional<std::string> decodeUnits(std::string_view octets, std::size_t width) {
  if (octets.size() % width != 0) return std::nullopt;
  std::string text;
  for (std::size_t at = 0; at < octets.size(); at += width) {
    std::uint32_t codePoint = 0;
    for (const char c : octets.substr(at, width)) codePoint = codePoint << 8 | static_cast<unsigned char>(c);
    if (!isScalar(codePoint)) return std::nullopt;
    append(text, codePoint);
  }
  return text;
}

std::optional<std::string> decodeAscii(std::string octets) {
  for (const char c : octets)
    if ((static_cast<unsigned char>(c) & 0x80) != 0) return std::nullopt;
  return octets;
}

std::optional<std::string> decodeUtf8(std::string octets) {
  auto at = reinterpret_cast<const unsigned char*>(octets.data());
  auto left = static_cast<int>(octets.size());
  while (left > 0) {
    unsigned long codePoint = 0;
    const int used = UTF8_getc(at, left, &codePoint);
    if (used <= 0 || !isScalar(static_cast<std::uint32_t>(codePoint)) || codePoint > 0x10FFFF) return std::nullopt;
    at += used;
    left -= used;
  }
  return octets;
}

struct NamesFree {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

}  // namespace

std::optional<std::string> decodeText(const ASN1_STRING* string) {
  std::string octets = octetsOf(string);
  switch (ASN1_STRING_type(string)) {
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_IA5STRING:
      return decodeAscii(std::move(octets));
    case V_ASN1_UTF8STRING:
      return decodeUtf8(std::move(octets));
    case V_ASN1_T61STRING:
      return decodeUnits(octets, 1);
    case V_ASN1_BMPSTRING:
      return decodeUnits(octets, 2);
    case V_ASN1_UNIVERSALSTRING:
      return decodeUnits(octets, 4);
    default:
      return std::nullopt;
  }
}

CertificateNames readNames(const X509* certificate) {
  CertificateNames names;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;)
    names.commonNames.push_back(decodeText(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));

  int state = 0;
  const std::unique_ptr<GENERAL_NAMES, NamesFree> alternatives(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, &state, nullptr)));
  constexpr int absent = -1;
  constexpr int twice = -2;
  if (!alternatives && state == twice) names.dnsNames.emplace_back();
  names.subjectAltNameMalformed = state != absent && sk_GENERAL_NAME_num(alternatives.get()) <= 0;
  for (int i = 0; alternatives && i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type == GEN_DNS) names.dnsNames.push_back(octetsOf(name->d.dNSName));
    if (name->type == GEN_URI) {
      names.otherSubjectIdentifiers = true;
      const auto isOfUris = [](char octet) { return octet > ' ' && octet < 0x7F; };
      if (!std::ranges::all_of(octetsOf(name->d.uniformResourceIdentifier), isOfUris))
        names.subjectAltNameMalformed = true;
    }
    if (name->type == GEN_OTHERNAME && OBJ_obj2nid(name->d.otherName->type_id) == NID_SRVName)
      names.otherSubjectIdentifiers = true;
  }
  return names;
}

}  // namespace relayproof::reference
