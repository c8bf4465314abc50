#include "conformance/verdict/match.h"

#include <gmock/gmock.h>

#include "conformance/verdict/choices.h"
#include "conformance/verdict/test_support.h"

namespace relayproof::verdict {
namespace {

using testing::HasSubstr;

std::string shown(const std::optional<bool>& match) { return !match ? "null" : *match ? "true" : "false"; }

std::optional<bool> matchOf(const Node& node) {
  return node.json().is_null() ? std::nullopt : std::optional(node.boolean());
}

bool malformedFor(const Node& row, const std::string& profile) {
  const auto malformed = row.find("malformed");
  if (!malformed) return false;
  return malformed->json().is_boolean() ? malformed->boolean() : expectedFor(*malformed, profile).boolean();
}

TEST(MatchTable, EveryRowUnderEveryProfile) {
  const auto rows = table("match.json").at("rows").array();
  EXPECT_GE(rows.size(), 400U);
  for (const Node& row : rows) {
    SCOPED_TRACE(row.key() + " " + row.json().dump());
    const auto pattern = DomainPattern::parse(row.at("pattern").string()).pattern;
    ASSERT_TRUE(pattern);
    const auto presented = presentedOf(row);
    for (const Profile& profile : shippedProfiles()) {
      const MatchAnswer answer = matchName(*pattern, presented, profile);
      EXPECT_EQ(shown(answer.match), shown(matchOf(expectedFor(row.at("expect"), profile.name))))
          << profile.name << ": " << answer.why;
      EXPECT_EQ(answer.malformed, malformedFor(row, profile.name)) << profile.name << ": " << answer.why;
      EXPECT_FALSE(answer.why.empty());
    }
  }
}

TEST(MatchTable, EveryRowHasSourceAndReason) {
  for (const char* part : {"rows", "patterns"}) {
    for (const Node& row : table("match.json").at(part).array()) {
      row.allowOnly({"pattern", "presented", "kind", "type", "expect", "malformed", "valid", "source", "why"});
      expectSourceAndReason(row);
    }
  }
}

TEST(MatchTable, Patterns) {
  for (const Node& row : table("match.json").at("patterns").array()) {
    const auto parsed = DomainPattern::parse(row.at("pattern").string());
    EXPECT_EQ(parsed.pattern.has_value(), row.at("valid").boolean()) << row.json().dump() << " " << parsed.problem;
    EXPECT_EQ(parsed.problem.empty(), parsed.pattern.has_value());
  }
}

const DomainPattern kExact = *DomainPattern::parse("mail.contoso.test").pattern;

TEST(MatchName, SaysWhatItHangsOn) {
  EXPECT_EQ(matchName(kExact, dnsId("mail.evil.test."), shippedProfile("exo-2017")).why, "another name")
      << "of several reasons the first combination's";
  EXPECT_EQ(matchName(kExact, dnsId("*.contoso.test"), shippedProfile("exo-2017")).why,
            "hangs on presentedWildcardOnExactPattern");
  EXPECT_THAT(matchName(kExact, dnsId(std::string("mail.contoso.test\0", 18)), shippedProfile("strict")).why,
              HasSubstr("NUL"));
}

TEST(MatchName, SaysWhy) {
  const DomainPattern wildcard = *DomainPattern::parse("*.contoso.test").pattern;
  const auto why = [](const DomainPattern& pattern, const certs::PresentedIdentifier& presented) {
    return matchName(pattern, presented, shippedProfile("strict")).why;
  };
  EXPECT_EQ(why(kExact, dnsId("mail.contoso.test")), "the same name");
  EXPECT_EQ(why(kExact, dnsId("relay.contoso.test")), "another name");
  EXPECT_EQ(why(kExact, dnsId("*.contoso.test")), "the presented wildcard stands for the pattern's first label");
  EXPECT_EQ(why(kExact, dnsId("*.fabrikam.test")), "the presented wildcard does not stand above the pattern");
  EXPECT_EQ(why(kExact, dnsId("*.test")), "the presented wildcard stands for one label only");
  EXPECT_EQ(why(*DomainPattern::parse("contoso.test").pattern, dnsId("*.test")),
            "the presented wildcard stands before a single label");
  EXPECT_EQ(why(wildcard, dnsId("*.contoso.test")), "the same wildcard");
  EXPECT_EQ(why(wildcard, dnsId("mail.contoso.test")), "one label below the pattern's domain");
  EXPECT_EQ(why(wildcard, dnsId("a.b.contoso.test")),
            "several labels below the pattern's domain, where one is allowed");
  EXPECT_EQ(why(wildcard, dnsId("contoso.test")), "the pattern's own domain is not below it");
  EXPECT_EQ(why(wildcard, dnsId("mail.fabrikam.test")), "not below the pattern's domain");
  EXPECT_EQ(why(wildcard, dnsId("mail.contoso.test.")), "has a trailing dot");
  EXPECT_EQ(why(wildcard, dnsId(".")), "has an empty label");
  EXPECT_EQ(why(wildcard, dnsId("*")), "is a bare `*`");
  Profile never = shippedProfile("strict");
  never.allowed[static_cast<std::size_t>(Option::presentedWildcardOnExactPattern)] =
      1U << static_cast<unsigned>(PresentedWildcardOnExactPattern::never);
  EXPECT_EQ(matchName(kExact, dnsId("*.contoso.test"), never).why,
            "a presented wildcard does not stand for an exact name");
}

TEST(MatchName, ATrailingDotAfterOneLetter) {
  EXPECT_FALSE(matchName(kExact, dnsId("a."), shippedProfile("exo-2017")).malformed) << "a name, where the dot goes";
  EXPECT_TRUE(matchName(kExact, dnsId("."), shippedProfile("exo-2017")).malformed);
}

// ASCII case is folded within a U-label too, from the first letter to the last.
TEST(MatchName, CapitalsInAUlabel) {
  const auto pattern = *DomainPattern::parse("xn--azbcher-p2a.test").pattern;
  EXPECT_EQ(shown(matchName(pattern,
                            commonName("AZb\xC3\xBC"
                                       "cher.test"),
                            shippedProfile("exo-2017"))
                      .match),
            "null");
}

// Beside a U-label the other labels are read as in any other name.
TEST(MatchName, ALabelBesideAUlabel) {
  const auto pattern = *DomainPattern::parse("a_b.xn--bcher-kva.test").pattern;
  EXPECT_EQ(shown(matchName(pattern,
                            commonName("a_b.b\xC3\xBC"
                                       "cher.test"),
                            shippedProfile("exo-2017"))
                      .match),
            "null");
}

TEST(MatchName, SaysWhyACommonNameIsNone) {
  const auto why = [](certs::PresentedIdentifier presented) {
    return matchName(kExact, presented, shippedProfile("strict")).why;
  };
  EXPECT_EQ(why(commonName(std::string("mail.contoso.test\0", 18))), "holds a NUL");
  EXPECT_EQ(why(commonName("mail.contoso.test\n")), "holds a control octet");
  EXPECT_EQ(why(commonName("Contoso mail.contoso.test")), "free text: has a space");
  EXPECT_EQ(why(commonName("Contoso")), "free text: has no dot");
  EXPECT_EQ(why(commonName("Contoso\x1F")), "holds a control octet") << "control octets stand in no free text";
  EXPECT_EQ(why(commonName("Contoso\x7F")), "holds a control octet");
  EXPECT_EQ(why(commonName("Contoso~")), "free text: has no dot");
  EXPECT_EQ(why(commonName("mail.b\xC3\xBC"
                           "cher.test")),
            "holds a U-label");
  EXPECT_EQ(why(commonName("mail.\xFF.test")), "cannot be decoded by its string type");
}

ClientCertificate certificateOf(std::vector<std::string> commonNames, std::vector<std::string> dnsNames) {
  ClientCertificate certificate;
  certificate.verified = true;
  for (auto& text : commonNames) certificate.commonNames.push_back(commonName(std::move(text)));
  for (auto& text : dnsNames) certificate.dnsNames.push_back(dnsId(std::move(text)));
  return certificate;
}

std::string certificateAnswer(const ClientCertificate& certificate, std::string_view profile) {
  return shown(matchCertificate(kExact, certificate, shippedProfile(profile)).answer.match);
}

TEST(MatchCertificate, CommonNameCountsByOption) {
  const auto onlyCn = certificateOf({"mail.contoso.test"}, {});
  EXPECT_EQ(certificateAnswer(onlyCn, "exo-2017"), "true");
  EXPECT_EQ(certificateAnswer(onlyCn, "rfc6125"), "true");
  EXPECT_EQ(certificateAnswer(onlyCn, "strict"), "false");
  const auto besideDns = certificateOf({"mail.contoso.test"}, {"mail.fabrikam.test"});
  EXPECT_EQ(certificateAnswer(besideDns, "exo-2017"), "true");
  EXPECT_EQ(certificateAnswer(besideDns, "rfc6125"), "false");
  auto besideUri = onlyCn;
  besideUri.otherSubjectIdentifiers = true;
  EXPECT_EQ(certificateAnswer(besideUri, "exo-2017"), "true");
  EXPECT_EQ(certificateAnswer(besideUri, "rfc6125"), "false");
}

TEST(MatchCertificate, SaysWhatItHangsOn) {
  Profile open = shippedProfile("strict");
  open.allowed[static_cast<std::size_t>(Option::commonName)] =
      1U << static_cast<unsigned>(CommonName::always) | 1U << static_cast<unsigned>(CommonName::never);
  const auto answer = matchCertificate(kExact, certificateOf({"mail.contoso.test"}, {}), open).answer;
  EXPECT_FALSE(answer.match);
  EXPECT_EQ(answer.why, "hangs on commonName");
}

TEST(MatchCertificate, SeveralCommonNames) {
  const auto twoCns = certificateOf({"Contoso Gateway", "mail.contoso.test"}, {});
  EXPECT_EQ(certificateAnswer(twoCns, "exo-2017"), "null") << "first takes the free text alone";
  EXPECT_EQ(certificateAnswer(certificateOf({"mail.contoso.test", "mail.contoso.test"}, {}), "exo-2017"), "true");
  EXPECT_EQ(certificateAnswer(certificateOf({"mail.contoso.test", "mail.contoso.test"}, {}), "rfc6125"), "null");
  EXPECT_EQ(certificateAnswer(certificateOf({"a.test", "mail.contoso.test", "b.test"}, {}), "exo-2017"), "null");
}

TEST(MatchCertificate, MalformedSiblingMayRejectTheCertificate) {
  const auto withSibling = certificateOf({}, {"mail.contoso.test", "m*.contoso.test"});
  const auto answer = matchCertificate(kExact, withSibling, shippedProfile("exo-2017"));
  EXPECT_EQ(shown(answer.answer.match), "null");
  ASSERT_TRUE(answer.by);
  EXPECT_EQ(*answer.by, dnsId("mail.contoso.test"));
  auto brokenSan = certificateOf({"mail.contoso.test"}, {});
  brokenSan.subjectAltNameMalformed = true;
  EXPECT_EQ(certificateAnswer(brokenSan, "exo-2017"), "null");
  const auto onlyMalformed =
      matchCertificate(kExact, certificateOf({}, {"m*.contoso.test"}), shippedProfile("exo-2017"));
  EXPECT_EQ(shown(onlyMalformed.answer.match), "false");
  EXPECT_TRUE(onlyMalformed.answer.malformed);
  EXPECT_FALSE(onlyMalformed.by);
}

TEST(MatchCertificate, IsMalformedWhereNothingInItIsWellFormed) {
  const auto malformed = [](const ClientCertificate& certificate, const char* profile) {
    return matchCertificate(kExact, certificate, shippedProfile(profile)).answer.malformed;
  };
  EXPECT_FALSE(malformed(certificateOf({}, {"a.test", "m*.contoso.test"}), "exo-2017"));
  EXPECT_FALSE(malformed(certificateOf({}, {"m*.contoso.test", "a.test"}), "exo-2017"));
  EXPECT_FALSE(malformed(certificateOf({}, {"a.test"}), "exo-2017"));
  EXPECT_FALSE(malformed(certificateOf({}, {}), "exo-2017"));
  EXPECT_FALSE(malformed(certificateOf({"Contoso"}, {"m*.contoso.test"}), "exo-2017")) << "free text is no fault";
  EXPECT_TRUE(malformed(certificateOf({"m*.contoso.test"}, {"*"}), "exo-2017"));
  EXPECT_TRUE(malformed(certificateOf({}, {"*"}), "strict"));
}

TEST(MatchCertificate, SaysWhichIdentifierMatched) {
  const auto by = [](const ClientCertificate& certificate, const Profile& profile) {
    return matchCertificate(kExact, certificate, profile).by;
  };
  EXPECT_EQ(by(certificateOf({}, {"a.test", "mail.contoso.test"}), shippedProfile("strict")),
            dnsId("mail.contoso.test"));
  EXPECT_EQ(by(certificateOf({"mail.contoso.test"}, {"a.test"}), shippedProfile("exo-2017")),
            commonName("mail.contoso.test"));
  EXPECT_EQ(by(certificateOf({"mail.contoso.test"}, {"MAIL.contoso.test"}), shippedProfile("exo-2017")),
            dnsId("MAIL.contoso.test"))
      << "the first of several";
  Profile rejecting = shippedProfile("strict");
  rejecting.allowed[static_cast<std::size_t>(Option::malformedSibling)] =
      1U << static_cast<unsigned>(MalformedSibling::rejectCertificate);
  const auto rejected =
      matchCertificate(kExact, certificateOf({}, {"mail.contoso.test", "m*.contoso.test"}), rejecting);
  EXPECT_FALSE(rejected.by);
  EXPECT_EQ(shown(rejected.answer.match), "false");
  EXPECT_EQ(rejected.answer.why, "a malformed identifier rejects the certificate");
}

TEST(MatchCertificate, AMalformedDnsIdStillCountsAsPresent) {
  EXPECT_EQ(certificateAnswer(certificateOf({"mail.contoso.test"}, {"m*.contoso.test"}), "rfc6125"), "false");
}

}  // namespace
}  // namespace relayproof::verdict
