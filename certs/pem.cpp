#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "certs/certificate_walk.h"
#include "certs/mint.h"

namespace relayproof::certs {
namespace {

constexpr std::size_t kLine = 64;

std::string base64(std::string_view octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// What no text in ASCII or UTF-8 holds.
bool isBinary(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return (octet < 0x20 && c != '\t' && c != '\r' && c != '\n') || octet == 0x7F || octet >= 0xF8 || octet == 0xC0;
}

// "a block PKCS7", of the first block.
std::string firstLabel(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::size_t kLongest = 40;
  const std::size_t at = text.find(kBegin) + kBegin.size();
  const std::string_view label = text.substr(at, std::min(text.find("-----", at) - at, kLongest));
  const bool plain = std::all_of(label.begin(), label.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return plain ? fmt::format("a block {}", label) : "another block";
}

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// White space anywhere is ignored; anything else outside the alphabet is not.
std::optional<std::string> fromBase64(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return !isSpace(c); });
  const std::size_t end = digits.find_last_not_of('=');
  const std::size_t padding = end == std::string::npos ? digits.size() : digits.size() - end - 1;
  if (digits.empty() || digits.size() % 4 != 0 || padding > 2) return std::nullopt;
  std::string octets(3 * (digits.size() / 4), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                      reinterpret_cast<const unsigned char*>(digits.data()), static_cast<int>(digits.size()));
  if (size < 0) return std::nullopt;
  octets.resize(static_cast<std::size_t>(size) - padding);
  return octets;
}

}  // namespace

std::string pem(std::string_view label, std::string_view der) {
  const std::string digits = base64(der);
  std::string text = fmt::format("-----BEGIN {}-----\n", label);
  for (std::size_t at = 0; at < digits.size(); at += kLine) text += digits.substr(at, kLine) + '\n';
  return text + fmt::format("-----END {}-----\n", label);
}

Expected<std::vector<std::string>> certificatesFromPem(std::string_view text, const std::string& place) {
  // RFC 7468 5.1: the label of old has to be read too.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kBlocks{
      {{"-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"},
       {"-----BEGIN X509 CERTIFICATE-----", "-----END X509 CERTIFICATE-----"}}};
  std::vector<std::string> certificates;
  const auto add = [&](std::string_view body) -> std::optional<Error> {
    const std::string which = fmt::format("certificate {}", certificates.size() + 1);
    if (std::all_of(body.begin(), body.end(), isSpace)) return Error(place, which, "is empty", "paste it whole");
    const auto der = fromBase64(body);
    if (!der)
      return Error(place, which, "is no base64", "paste it again, whole, with nothing but base64 between the lines");
    if (const auto walked = walkCertificate(*der); !walked)
      return Error(place, which, walked.error().problem, "give the certificate in PEM or as base64 of its DER");
    certificates.push_back(*der);
    return std::nullopt;
  };

  if (text.find("-----BEGIN ") == std::string_view::npos) {
    if (walkCertificate(text)) return std::vector{std::string(text)};  // DER as it is
    if (std::any_of(text.begin(), text.end(), isBinary))
      return Error(place, {}, "is binary and no certificate in DER",
                   "give PEM; of PKCS#12: openssl pkcs12 -nokeys -in FILE; of PKCS#7: openssl pkcs7 -inform DER "
                   "-print_certs -in FILE");
    if (const auto error = add(text)) return *error;
    return certificates;
  }
  const auto next = [&](std::size_t from) {
    std::pair<std::size_t, std::string_view> first{std::string_view::npos, {}};  // the place behind BEGIN, and the END
    for (const auto& [begin, end] : kBlocks)
      if (const std::size_t at = text.find(begin, from); at < first.first) first = {at + begin.size(), end};
    return first;
  };
  for (auto [at, end] = next(0); at != std::string_view::npos; std::tie(at, end) = next(at)) {
    const std::size_t stop = text.find(end, at);
    if (stop == std::string_view::npos)
      return Error(place, fmt::format("certificate {}", certificates.size() + 1), "has no END line", "paste it whole");
    if (const auto error = add(text.substr(at, stop - at))) return *error;
    at = stop + end.size();
  }
  if (certificates.empty())
    return Error(place, {}, fmt::format("holds {} and no certificate", firstLabel(text)),
                 "it needs a block BEGIN CERTIFICATE … END CERTIFICATE");
  return certificates;
}

}  // namespace relayproof::certs
