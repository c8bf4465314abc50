// What the tests of this folder share: the shipped profiles, and curated tables that name an expectation a profile.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "certs/document.h"
#include "conformance/verdict/decide.h"

namespace relayproof::verdict {

inline const std::vector<Profile>& shippedProfiles() {
  static const std::vector<Profile> profiles = loadShippedProfiles(RELAYPROOF_SOURCE_DIR "/corpus/profiles").value();
  return profiles;
}

inline const Profile& shippedProfile(std::string_view name) {
  for (const Profile& profile : shippedProfiles())
    if (profile.name == name) return profile;
  throw std::out_of_range(std::string(name));
}

/// A curated table; it lives as long as the program, since rows refer to it.
inline Node table(const std::string& name) {
  static std::map<std::string, Json> tables;
  const std::string file = RELAYPROOF_SOURCE_DIR "/corpus/tables/" + name;
  const auto [found, isNew] = tables.try_emplace(name);
  if (isNew) found->second = parseJson(readFile(file).value(), file).value();
  return Node(found->second, file, {});
}

/// A row gives its reason, and a source that corpus/sources.json holds.
inline void expectSourceAndReason(const Node& row) {
  static const std::string file = RELAYPROOF_SOURCE_DIR "/corpus/sources.json";
  static const Json sources = parseJson(readFile(file).value(), file).value();
  const std::string source = row.at("source").string();
  EXPECT_TRUE(sources.at("sources").contains(source)) << row.key() << ": " << source;
  EXPECT_FALSE(row.at("why").string().empty()) << row.key();
}

/// The entry of `expect` for a profile: its own, or that of the key all.
inline Node expectedFor(const Node& expect, const std::string& profile) {
  return expect.has(profile) ? expect.at(profile) : expect.at("all");
}

/// Content octets as the tables write them: a string is Unicode text, {"hex": …} is raw.
inline std::string octetsOf(const Node& node, certs::IdentifierKind kind, certs::StringType type) {
  std::string octets;
  if (node.json().is_object()) {
    const std::string hex = node.at("hex").string();
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      octets += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return octets;
  }
  const std::string text = node.string();
  if (kind == certs::IdentifierKind::commonName && type == certs::StringType::utf8) return text;
  const std::u32string points = certs::decodeString(certs::StringType::utf8, text).value();
  for (const char32_t c : points) {
    const int width = type == certs::StringType::universal ? 4 : type == certs::StringType::bmp ? 2 : 1;
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) octets += static_cast<char>(c >> shift & 0xFF);
    if (c >> (8 * width - 1) >> 1 != 0) throw std::out_of_range("the type cannot hold this text");
  }
  return octets;
}

inline certs::PresentedIdentifier presentedOf(const Node& row) {
  using certs::StringType;
  const auto kind = row.at("kind").choice<certs::IdentifierKind>(
      {{"CN", certs::IdentifierKind::commonName}, {"DNS-ID", certs::IdentifierKind::dnsId}});
  auto type = kind == certs::IdentifierKind::dnsId ? StringType::ia5 : StringType::utf8;
  if (const auto named = row.find("type"))
    type = named->choice<StringType>({{"UTF8String", StringType::utf8},
                                      {"PrintableString", StringType::printable},
                                      {"T61String", StringType::teletex},
                                      {"IA5String", StringType::ia5},
                                      {"UniversalString", StringType::universal},
                                      {"BMPString", StringType::bmp}});
  return {kind, type, octetsOf(row.at("presented"), kind, type)};
}

inline certs::PresentedIdentifier commonName(std::string text) {
  return {certs::IdentifierKind::commonName, certs::StringType::utf8, std::move(text)};
}
inline certs::PresentedIdentifier dnsId(std::string text) {
  return {certs::IdentifierKind::dnsId, certs::StringType::ia5, std::move(text)};
}

/// A tenancy of decide.json.
inline const Tenancy& tenancyNamed(const std::string& name) {
  static std::map<std::string, Tenancy> tenancies;
  const auto [found, isNew] = tenancies.try_emplace(name);
  if (isNew) found->second = readTenancy(table("decide.json").at("tenancies").at(name));
  return found->second;
}
inline const Tenancy& tenancyOf(const Node& row) { return tenancyNamed(row.at("tenancy").string()); }

inline Peer peerOf(const Node& node) {
  Peer peer;
  peer.address = parseIpv4(node.stringOr("address", "198.51.100.9")).value();
  peer.tls = node.booleanOr("tls", true);
  const auto certificate = node.find("certificate");
  if (!certificate) return peer;
  certificate->allowOnly({"cn", "dns", "verified", "otherSubjectIdentifiers", "subjectAltNameMalformed",
                          "extendedKeyUsage", "revocation", "commonNameOutsideConstraint"});
  ClientCertificate& facts = peer.certificate.emplace();
  facts.verified = certificate->booleanOr("verified", true);
  for (auto& text : certificate->stringsOr("cn", {})) facts.commonNames.push_back(commonName(std::move(text)));
  for (auto& text : certificate->stringsOr("dns", {})) facts.dnsNames.push_back(dnsId(std::move(text)));
  facts.otherSubjectIdentifiers = certificate->booleanOr("otherSubjectIdentifiers", false);
  facts.subjectAltNameMalformed = certificate->booleanOr("subjectAltNameMalformed", false);
  if (const auto purposes = certificate->find("extendedKeyUsage")) facts.extendedKeyUsage = purposes->strings();
  if (const auto revocation = certificate->find("revocation"))
    facts.revocation = revocation->choice<Revocation>(
        {{"good", Revocation::good}, {"revoked", Revocation::revoked}, {"unknown", Revocation::unknown}});
  if (certificate->booleanOr("commonNameOutsideConstraint", false))
    for (std::size_t i = 0; i < facts.commonNames.size(); ++i) facts.commonNamesOutsideConstraint.insert(i);
  return peer;
}

inline Envelope envelopeOf(const Node& node) {
  return {node.at("from").string(), node.stringOr("header", ""), node.at("to").string()};
}

}  // namespace relayproof::verdict
