#include "fuzz/certificate_input.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>

#include "certs/glob.h"
#include "fuzz/certificate_places.h"

namespace relayproof::fuzz {
namespace {

// OpenSSL refuses all of a subjectAltName for one of them.
TEST(StandingOf, ANameInAStringTypeThatItMayNotHaveIsRefusable) {
  constexpr std::uint8_t kDirectoryName = 4, kPrintable = 1, kVisible = 9;
  CertificateInput input{"*.contoso.test", 0, {{kDnsId, 0, false, "mail.contoso.test"}}};
  EXPECT_EQ(standingOf(input), Standing::sound);
  input.records.push_back({kDirectoryName, kPrintable, false, "e"});
  EXPECT_EQ(standingOf(input), Standing::sound);
  EXPECT_EQ(textOf(input), "DNS-ID mail.contoso.test; directoryName CN (PrintableString) e");
  input.records.back().spelling = kVisible;
  EXPECT_EQ(standingOf(input), Standing::refusable);
}

TEST(StandingOf, ADamagedCertificateIsAskedAboutAndNotJudged) {
  constexpr std::uint8_t kDamage = 38;
  CertificateInput input{"*.contoso.test", 0, {{kDamage, 0, false, {"\x00\x01\x84", 3}}}};
  EXPECT_EQ(standingOf(input), Standing::undecodable);
  EXPECT_EQ(derOf(input).substr(0, 2), "\x30\x84");
  input.records[0].text = std::string(1, '\0');
  EXPECT_EQ(derOf(input), "\x30") << "cut short, and there is an octet left";
}

TEST(IdentifyingRecords, ACommonNameMayBeNoStringOfItsType) {
  constexpr std::uint8_t kBmpAndAnOctet = 13, kBeyondUnicode = 14, kOverlong = 15, kOverlongThrice = 16;
  const auto octets = [](std::uint8_t spelling) {
    const CertificateInput input{"*.contoso.test", 0, {{kCommonName, spelling, false, "a"}}};
    EXPECT_EQ(standingOf(input), Standing::sound);
    return identifyingRecords(input).at(0).octets;
  };
  EXPECT_EQ(octets(kBmpAndAnOctet), std::string("\0a\0", 3));
  EXPECT_EQ(octets(kBeyondUnicode), std::string("\1\0\0a", 4));
  EXPECT_EQ(octets(kOverlong), "\xC1\xA1");
  EXPECT_EQ(octets(kOverlongThrice), "\xE0\x81\xA1");
  EXPECT_EQ(octets(17), "\xF0\x80\x81\xA1");
  EXPECT_EQ(octets(18), "\xFC\x80\x80\x80\x81\xA1");
  EXPECT_EQ(octets(19), "a\xC3");
  EXPECT_EQ(octets(20), std::string("\xFE\xFF\0a", 4));
  EXPECT_EQ(octets(21), std::string("\xD8\0\xDC\0\0a", 6));
  EXPECT_EQ(octets(22),
            "\xC2"
            "a");
  EXPECT_EQ(octets(23), std::string("\0\0\0a\0", 5));
  EXPECT_EQ(octets(24), std::string("\xFF\xFE"
                                    "a\0",
                                    4));
}

// Both readers find the name beside whatever stands there, but where the place is to break them.
TEST(DerOf, ANameIsReadBesideEveryPlace) {
  for (std::uint8_t place = 0; place < kPlaces.size(); ++place) {
    if (kPlaces[place].shape == Shape::unknown || kPlaces[place].shape == Shape::damage) continue;
    const CertificateInput input{
        "*.contoso.test", 0, {{place, 0, false, "\x01."}, {kDnsId, 0, false, "mail.contoso.test"}}};
    const std::string der = derOf(input);
    const auto names = certs::subjectIdentifiers(der);
    ASSERT_TRUE(names) << kPlaces[place].name;
    EXPECT_EQ(names->dnsIds.back().octets, "mail.contoso.test") << kPlaces[place].name;
    EXPECT_EQ(names->commonNames.size(), place == kCommonName ? 1U : 0U) << kPlaces[place].name;
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    X509* const certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    EXPECT_NE(certificate, nullptr) << kPlaces[place].name;
    X509_free(certificate);
  }
}

TEST(DerOf, AsManyNamesAsARecordSays) {
  constexpr std::uint8_t kMany = 59;
  const CertificateInput input{"*.contoso.test", 0, {{kMany, 0, false, {"\x03\xE8", 2}}}};
  EXPECT_EQ(certs::subjectIdentifiers(derOf(input)).value().dnsIds.size(), 1000U);
  EXPECT_EQ(identifyingRecords(input).size(), 1000U);
  EXPECT_EQ(standingOf(input), Standing::sound);
}

// X509_get_version: 0 is version 1.
long versionOf(const CertificateInput& input) {
  const std::string der = derOf(input);
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  X509* const certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  const long version = certificate == nullptr ? -1 : X509_get_version(certificate);
  X509_free(certificate);
  return version;
}

TEST(DerOf, Version1IsWhereNothingAsksForAnExtension) {
  constexpr std::uint8_t kVersion1 = 63;
  ASSERT_EQ(kPlaces[kVersion1].shape, Shape::version1);
  const CertificateInput::Record name{kCommonName, 0, false, "mail.contoso.test"}, version{kVersion1, 0, false, ""};
  EXPECT_EQ(versionOf({"*.contoso.test", 0, {name}}), 2);
  EXPECT_EQ(versionOf({"*.contoso.test", 0, {name, version}}), 0);
  EXPECT_EQ(versionOf({"*.contoso.test", 0, {version, {kDnsId, 0, false, "mail.contoso.test"}}}), 2);
}

TEST(Places, TheLastAreAboutTheWhole) {
  for (std::size_t at = 0; at < kPlaces.size(); ++at) {
    const Place& place = kPlaces[at];
    const bool counted =
        place.shape == Shape::manyNames || place.shape == Shape::manyExtensions || place.shape == Shape::padding;
    EXPECT_EQ(counted || place.where == Where::frame, at >= kPlaces.size() - kOfTheWhole) << place.name;
  }
}

TEST(GlobOf, NamesThePlacesAndNotTheValues) {
  const CertificateInput input{"*.contoso.test", 0, {{0, 4, false, "a.test"}, {5, 0, true, "b.test"}}};
  EXPECT_EQ(globOf(input), "*CN (BMPString) *SRV otherName *");
  EXPECT_TRUE(globMatches(globOf(input), "DNS-ID x; CN (BMPString) y; URI z + SRV otherName _smtp.q"));
  EXPECT_FALSE(globMatches(globOf(input), "CN (BMPString) a.test"));
}

TEST(StandingOf, WhoDoesNotKnowACriticalExtensionMayRefuse) {
  constexpr std::uint8_t kUnknownFirst = 64;
  const CertificateInput input{"*.contoso.test", kUnknownFirst, {{1, 0, false, "mail.contoso.test"}}};
  EXPECT_EQ(standingOf(input), Standing::refusable);
  EXPECT_EQ(textOf(input), "DNS-ID mail.contoso.test; an unknown critical extension first");
}

TEST(StandingOf, ACommonNameBeyondItsUpperBoundIsRefusable) {
  CertificateInput input{"*.contoso.test", 0, {{0, 0, false, std::string(64, 'a')}}};
  EXPECT_EQ(standingOf(input), Standing::sound);
  input.records[0].text += 'a';
  EXPECT_EQ(standingOf(input), Standing::refusable);
}

}  // namespace
}  // namespace relayproof::fuzz
