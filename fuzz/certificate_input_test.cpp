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

}  // namespace
}  // namespace relayproof::fuzz
