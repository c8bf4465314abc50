#include "certs/lint.h"

#include <gmock/gmock.h>

#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> rulesOf(const std::vector<std::string>& chain, std::int64_t at = kTestTime) {
  std::vector<std::string> rules;
  for (const Finding& finding : lintChain(chain, at).value())
    if (finding.rule != "beyond-2038") rules.emplace_back(finding.rule);
  return rules;
}

// A name that nobody finds fault with, under whatever else the blueprint says.
std::vector<std::string> rulesOf(const std::string& deviation) {
  return rulesOf(issue(R"({"dns":["mail.contoso.test"])" + (deviation.empty() ? "" : "," + deviation) + "}").chain);
}

TEST(LintChain, AGoodCertificateHasNoFault) {
  EXPECT_THAT(rulesOf(""), IsEmpty());
  EXPECT_THAT(rulesOf(R"("cn":"mail.contoso.test")"), IsEmpty());
  EXPECT_THAT(rulesOf(R"("key":"rsa2048")"), IsEmpty());
  EXPECT_THAT(rulesOf(R"("key":"ed25519")"), IsEmpty());
  EXPECT_THAT(rulesOf(R"("extendedKeyUsage":null,"keyUsage":null)"), IsEmpty());
}

TEST(LintChain, EachFaultHasItsRule) {
  const struct {
    const char* deviation;
    const char* rule;
  } rows[] = {
      {R"("notAfter":"2025-12-31T23:59:59Z","notBefore":"2020-01-01T00:00:00Z")", "expired"},
      {R"("notBefore":"2026-01-01T00:00:01Z")", "not-yet-valid"},
      {R"("ca":true)", "authority"},
      {R"("extendedKeyUsage":["serverAuth"])", "purpose"},
      {R"("extendedKeyUsage":["any"])", "purpose"},
      {R"("keyUsage":["keyEncipherment"])", "key-usage"},
      {R"("extensions":[{"oid":"1.2.3.4","critical":true,"hex":"0500"}])", "critical-extension"},
      {R"("sanForm":"twice-first","sanOther":[{"dns":"other.test"}])", "malformed-subject-alt-name"},
      {R"("signature":"broken")", "chain"},
      {R"("chain":["leaf","unknown-intermediate"])", "chain"},
      {R"("chain":["leaf","root","intermediate"])", "chain"},
      {R"("serial":{"hex":"81"})", "serial"},
      {R"("serial":{"hex":"010203040506070809101112131415161718192021"})", "serial"},
      {R"("chain":["leaf"])", "alone"},
      {R"("issuer":"self")", "alone"},
      {R"("cn":["a.contoso.test","mail.contoso.test"])", "several-common-names"},
      {R"("cn":"a.contoso.test")", "common-name-besides"},
  };
  for (const auto& row : rows) EXPECT_THAT(rulesOf(row.deviation), Contains(row.rule)) << row.deviation;
  EXPECT_THAT(rulesOf(issue(R"({"cn":"a.b.test","sanForm":"empty"})").chain), Contains("malformed-subject-alt-name"));
  EXPECT_THAT(rulesOf(issue(R"({"cn":"mail.contoso.test"})").chain), ElementsAre("common-name-alone"));
  EXPECT_THAT(rulesOf(issue(R"({"san":[{"ip":"192.0.2.1"}]})").chain), ElementsAre("no-identifier"));
}

TEST(LintChain, TellsWhatItSaw) {
  const auto says = [](const std::string& deviation) {
    std::string all;
    for (const Finding& finding : lintChain(issue("{" + deviation + "}").chain, kTestTime).value())
      all += finding.what + "\n";
    return all;
  };
  EXPECT_THAT(says(R"("extendedKeyUsage":["serverAuth","codeSigning"])"),
              HasSubstr("are serverAuth, 1.3.6.1.5.5.7.3.3,"));
  EXPECT_THAT(says(R"("chain":["leaf","root","intermediate"])"), HasSubstr("certificate 1 of the chain"));
  EXPECT_THAT(says(R"("chain":["leaf","root","intermediate"])"), HasSubstr("the order is wrong"));
  EXPECT_THAT(says(R"("chain":["leaf","unknown-intermediate"])"), Not(HasSubstr("the order is wrong")));
  EXPECT_THAT(says(R"("chain":["leaf"])"), HasSubstr("relayproof intermediate"));
  EXPECT_THAT(says(R"("extensions":[{"oid":"1.2.3.4","critical":true,"hex":"0500"}])"), HasSubstr("1.2.3.4"));
}

TEST(LintChain, ValidityEndsWithItsLastSecond) {
  const auto chain =
      issue(R"({"dns":["a.b.test"],"notBefore":"2026-01-01T00:00:00Z","notAfter":"2030-01-01T00:00:00Z"})").chain;
  const std::int64_t last = 1'893'456'000;  // 2030-01-01T00:00:00Z
  EXPECT_THAT(rulesOf(chain, kTestTime), IsEmpty());
  EXPECT_THAT(rulesOf(chain, kTestTime - 1), ElementsAre("not-yet-valid"));
  EXPECT_THAT(rulesOf(chain, last), IsEmpty());
  EXPECT_THAT(rulesOf(chain, last + 1), ElementsAre("expired"));
}

TEST(LintChain, GatewaysWith32BitTimes) {
  const auto holds = [](const char* notAfter) {
    const auto found =
        lintChain(issue(std::string(R"({"dns":["a.b.test"],"notAfter":")") + notAfter + "\"}").chain, kTestTime)
            .value();
    return std::any_of(found.begin(), found.end(),
                       [](const Finding& finding) { return finding.rule == "beyond-2038"; });
  };
  EXPECT_FALSE(holds("2038-01-19T03:14:07Z"));
  EXPECT_TRUE(holds("2038-01-19T03:14:08Z"));
  EXPECT_TRUE(holds("9999-12-31T23:59:59Z"));
}

TEST(LintChain, WhatIsNoCertificateIsAnError) {
  EXPECT_THAT(lintChain({"rubbish"}, kTestTime).error().problem, HasSubstr("no certificate"));
  const Fixture good = issue(R"({"dns":["a.b.test"]})");
  EXPECT_THAT(rulesOf({good.leaf, "rubbish"}), ElementsAre("undecodable"));
}

}  // namespace
}  // namespace relayproof::certs
