#include "fuzz/certificate_input.h"

#include <gtest/gtest.h>

namespace relayproof::fuzz {
namespace {

// OpenSSL refuses all of a subjectAltName for one of them.
TEST(StandingOf, ANameInAStringTypeThatItMayNotHaveIsRefusable) {
  constexpr std::uint8_t kDnsId = 1, kDirectoryName = 4, kPrintable = 1, kVisible = 9;
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
  constexpr std::uint8_t kCommonName = 0, kBmpAndAnOctet = 13, kBeyondUnicode = 14, kOverlong = 15,
                         kOverlongThrice = 16;
  const auto octets = [](std::uint8_t spelling) {
    const CertificateInput input{"*.contoso.test", 0, {{kCommonName, spelling, false, "a"}}};
    EXPECT_EQ(standingOf(input), Standing::sound);
    return identifyingRecords(input).at(0).octets;
  };
  EXPECT_EQ(octets(kBmpAndAnOctet), std::string("\0a\0", 3));
  EXPECT_EQ(octets(kBeyondUnicode), std::string("\1\0\0a", 4));
  EXPECT_EQ(octets(kOverlong), "\xC1\xA1");
  EXPECT_EQ(octets(kOverlongThrice), "\xE0\x81\xA1");
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
