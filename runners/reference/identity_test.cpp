#include "runners/reference/identity.h"

#include <gtest/gtest.h>

#include "runners/reference/test_certificates.h"

namespace relayproof::reference {
namespace {

CertificateNames namesWith(std::string name) { return {{}, {std::move(name)}, false, false}; }

bool presentedMatches(const std::string& pattern, std::string name, const Behaviour& behaviour = {}) {
  const Identity identity = identify(namesWith(std::move(name)), behaviour);
  return matches(behaviour, *parsePattern(pattern), identity.ids.at(0));
}

TEST(Matching, FollowsTheTable) {
  struct Row {
    const char* pattern;
    std::string presented;
    bool match;
  };
  const std::string longLabel(64, 'a');
  const Row rows[] = {
      {"mail.contoso.test", "mail.contoso.test", true},
      {"mail.contoso.test", "MAIL.Contoso.TEST", true},
      {"mail.contoso.test", "*.contoso.test", true},
      {"mail.contoso.test", "*.test", false},
      {"contoso.test", "*.test", false},  // under one label
      {"contoso.test", "*.contoso.test", false},
      {"mail.contoso.test", "contoso.test", false},
      {"mail.contoso.test", "a.mail.contoso.test", false},
      {"mail.contoso.test", "evilmail.contoso.test", false},
      {"mail.contoso.test", "mail.contoso.test.evil.test", false},
      {"mail.contoso.test", "mailxcontoso.test", false},
      {"mail.contoso.test", "m*.contoso.test", false},
      {"mail.contoso.test", "mail.*.test", false},
      {"mail.contoso.test", "*", false},
      {"mail.contoso.test", "*.*.test", false},
      {"mail.contoso.test", "", false},
      {"mail.contoso.test", "mail.contoso.test.", false},
      {"mail.contoso.test", "mail..contoso.test", false},
      {"mail.contoso.test", ".mail.contoso.test", false},
      {"mail.contoso.test", " mail.contoso.test", false},
      {"mail.contoso.test", "mail.contoso.test\n", false},
      {"mail.contoso.test", std::string("mail.contoso.test\0", 18), false},
      {"mail.contoso.test", std::string("mail.contoso.test\0.evil.test", 28), false},
      {"*.contoso.test", "mail.contoso.test", true},
      {"*.contoso.test", "a.b.contoso.test", true},
      {"*.contoso.test", "contoso.test", true},
      {"*.contoso.test", "*.contoso.test", true},
      {"*.contoso.test", "*.b.contoso.test", true},
      {"*.contoso.test", "*.test", false},
      {"*.contoso.test", "evilcontoso.test", false},
      {"*.contoso.test", "a.evilcontoso.test", false},
      {"*.contoso.test", "contoso.test.evil.test", false},
      {"*.contoso.test", ".contoso.test", false},
      {"*.contoso.test", longLabel + ".contoso.test", false},
      {"*.contoso.test", longLabel.substr(1) + ".contoso.test", true},
      {"*.contoso.test", "a_b.contoso.test", false},
      {"*.contoso.test", "-a.contoso.test", false},
      {"*.contoso.test", "\xE9.contoso.test", false},
      {"*.contoso.test", "xn--caf-dma.contoso.test", true},
      {"*.contoso.test", "xn--*.contoso.test", false},
  };
  for (const Row& row : rows)
    EXPECT_EQ(presentedMatches(row.pattern, row.presented), row.match) << row.pattern << " " << row.presented;
}

TEST(Matching, ObeysItsOptions) {
  Behaviour strict;
  strict.patternApex = PatternApex::no;
  strict.patternDepth = PatternDepth::oneLabel;
  strict.presentedWildcardOnExactPattern = PresentedWildcardOnExactPattern::never;
  EXPECT_FALSE(presentedMatches("*.contoso.test", "contoso.test", strict));
  EXPECT_FALSE(presentedMatches("*.contoso.test", "a.b.contoso.test", strict));
  EXPECT_TRUE(presentedMatches("*.contoso.test", "a.contoso.test", strict));
  EXPECT_FALSE(presentedMatches("mail.contoso.test", "*.contoso.test", strict));

  Behaviour loose;
  loose.presentedWildcardOnExactPattern = PresentedWildcardOnExactPattern::always;
  loose.trailingDot = TrailingDot::strip;
  loose.nameSyntax = NameSyntax::lenient;
  EXPECT_TRUE(presentedMatches("contoso.test", "*.test", loose));
  EXPECT_TRUE(presentedMatches("contoso.test", "contoso.test.", loose));
  EXPECT_FALSE(presentedMatches("contoso.test", "contoso.test..", loose));
  EXPECT_TRUE(presentedMatches("*.contoso.test", "_a-.contoso.test", loose));
}

std::vector<std::string> namesLeft(const CertificateNames& names, const Behaviour& behaviour) {
  std::vector<std::string> left;
  for (const Presented& id : identify(names, behaviour).ids) left.push_back(id.name);
  return left;
}

TEST(Identity, CountsCommonNamesByTheOptions) {
  using Names = std::vector<std::string>;
  const CertificateNames two = {{"a.test", "Free Text", "b.test"}, {}, false};
  Behaviour behaviour;
  EXPECT_EQ(namesLeft(two, behaviour), (Names{"a.test", "b.test"}));
  behaviour.multipleCommonNames = MultipleCommonNames::first;
  EXPECT_EQ(namesLeft(two, behaviour), Names{"a.test"});
  behaviour.multipleCommonNames = MultipleCommonNames::last;
  EXPECT_EQ(namesLeft(two, behaviour), Names{"b.test"});
  behaviour.multipleCommonNames = MultipleCommonNames::none;
  EXPECT_EQ(namesLeft(two, behaviour), Names{});

  behaviour = {};
  const CertificateNames both = {{"a.test"}, {"b.test"}, false};
  EXPECT_EQ(namesLeft(both, behaviour), (Names{"a.test", "b.test"}));
  behaviour.commonName = CommonName::whenNoDnsId;
  EXPECT_EQ(namesLeft(both, behaviour), Names{"b.test"});
  EXPECT_EQ(namesLeft({{"a.test"}, {"not a name"}, false}, behaviour), Names{""});
  EXPECT_EQ(namesLeft({{"a.test"}, {}, true}, behaviour), Names{"a.test"});
  behaviour.commonName = CommonName::whenNoSubjectIdentifier;
  EXPECT_EQ(namesLeft({{"a.test"}, {}, true}, behaviour), Names{});
  behaviour.commonName = CommonName::never;
  EXPECT_EQ(namesLeft({{"a.test"}, {}, false}, behaviour), Names{});
}

TEST(Identity, TellsFreeTextFromMalformedNames) {
  Behaviour rejecting;
  rejecting.malformedSibling = MalformedSibling::rejectCertificate;
  const auto rejects = [&](std::optional<std::string> commonName) {
    return identify({{std::move(commonName)}, {"mail.contoso.test"}, false}, rejecting).rejected;
  };
  EXPECT_FALSE(rejects("Contoso Mail Gateway"));
  EXPECT_FALSE(rejects("localhost"));
  EXPECT_FALSE(rejects("m\xC3\xBCller"));
  EXPECT_FALSE(rejects("mail.contoso.test"));
  EXPECT_TRUE(rejects("m\xC3\xBCller.contoso.test"));
  EXPECT_TRUE(rejects("10.0.0.1"));
  EXPECT_TRUE(rejects("tab\there"));
  EXPECT_TRUE(rejects(std::nullopt));
  EXPECT_TRUE(identify({{}, {"mail.contoso.test", ""}, false}, rejecting).rejected);
  EXPECT_EQ(identify({{}, {"mail.contoso.test", ""}, false}, {}).ids.size(), 2U);
}

TEST(Identity, TakesAnUndecodableSubjectAltNameForAFaultAndForNoDnsId) {
  const CertificateNames names = {{"mail.contoso.test"}, {}, false, true};
  Behaviour behaviour;
  for (const CommonName option : {CommonName::always, CommonName::whenNoDnsId, CommonName::whenNoSubjectIdentifier}) {
    behaviour.commonName = option;
    EXPECT_EQ(namesLeft(names, behaviour), std::vector<std::string>{"mail.contoso.test"});
  }
  behaviour.malformedSibling = MalformedSibling::rejectCertificate;
  EXPECT_TRUE(identify(names, behaviour).rejected);
}

TEST(CertificateNames, AreDecodedByTheirType) {
  const auto read = [](const std::string& octets, int type) {
    ASN1_STRING* string = ASN1_STRING_type_new(type);
    testing::setOctets(string, octets);
    auto text = decodeText(string);
    ASN1_STRING_free(string);
    return text;
  };
  EXPECT_EQ(read("mail.test", V_ASN1_PRINTABLESTRING), "mail.test");
  EXPECT_EQ(read("m\xC3\xBC.test", V_ASN1_UTF8STRING), "m\xC3\xBC.test");
  EXPECT_EQ(read("m\xFC.test", V_ASN1_UTF8STRING), std::nullopt);
  EXPECT_EQ(read("m\xFC.test", V_ASN1_T61STRING), "m\xC3\xBC.test");
  EXPECT_EQ(read("m\xFC.test", V_ASN1_IA5STRING), std::nullopt);
  EXPECT_EQ(read(std::string("\0m\0\xFC\0.\0t", 8), V_ASN1_BMPSTRING), "m\xC3\xBC.t");
  EXPECT_EQ(read(std::string("\xD8\0\0m", 4), V_ASN1_BMPSTRING), std::nullopt);
  EXPECT_EQ(read(std::string("\0\1\xF6\0", 4), V_ASN1_UNIVERSALSTRING), "\xF0\x9F\x98\x80");
  EXPECT_EQ(read(std::string("a\0.test", 7), V_ASN1_PRINTABLESTRING), std::string("a\0.test", 7));
}

TEST(CertificateNames, TellUndecodableFromRepeated) {
  using namespace testing;
  const auto namesWithOctets = [](const std::vector<std::string>& extensions) {
    const Minted made = mint({});
    for (const std::string& octets : extensions) {
      ASN1_OCTET_STRING* value = ASN1_OCTET_STRING_new();
      setOctets(value, octets);
      X509_EXTENSION* extension = X509_EXTENSION_create_by_NID(nullptr, NID_subject_alt_name, 0, value);
      X509_add_ext(made.certificate.get(), extension, -1);
      X509_EXTENSION_free(extension);
      ASN1_OCTET_STRING_free(value);
    }
    return readNames(made.certificate.get());
  };
  const std::string good =
      "\x30\x08\x82\x06"
      "a.test";
  EXPECT_EQ(namesWithOctets({good}).dnsNames, std::vector<std::string>{"a.test"});
  EXPECT_FALSE(namesWithOctets({good}).subjectAltNameMalformed);
  EXPECT_TRUE(namesWithOctets({"\x30\x09\x82\x06"
                               "a.test"})
                  .subjectAltNameMalformed);
  EXPECT_TRUE(namesWithOctets({"\x30\x09\x82\x06"
                               "a.test"})
                  .dnsNames.empty());
  EXPECT_TRUE(namesWithOctets({std::string("\x30\0", 2)}).subjectAltNameMalformed);
  EXPECT_FALSE(namesWithOctets({}).subjectAltNameMalformed);
  EXPECT_TRUE(namesWithOctets({good, good}).subjectAltNameMalformed);
  EXPECT_EQ(namesWithOctets({good, good}).dnsNames, std::vector<std::string>{""});
}

TEST(CertificateNames, AreReadByTheirKind) {
  using namespace testing;
  Spec spec;
  spec.alternatives = {{GEN_EMAIL, "a@b.test"}, {GEN_DNS, "one.test"}, {GEN_DNS, ""}, {GEN_DIRNAME, "dir.test"}};
  CertificateNames names = readNames(mint(spec).certificate.get());
  EXPECT_EQ(names.dnsNames, (std::vector<std::string>{"one.test", ""}));
  EXPECT_TRUE(names.commonNames.empty());
  EXPECT_FALSE(names.otherSubjectIdentifiers);
  spec.subject = {{NID_organizationName, "o.test"}, {NID_commonName, "one.test"}, {NID_commonName, "two.test"}};
  EXPECT_EQ(readNames(mint(spec).certificate.get()).commonNames,
            (std::vector<std::optional<std::string>>{"one.test", "two.test"}));
  spec.alternatives = {{GEN_URI, "https://one.test/"}};
  names = readNames(mint(spec).certificate.get());
  EXPECT_TRUE(names.dnsNames.empty());
  EXPECT_TRUE(names.otherSubjectIdentifiers);
}

}  // namespace
}  // namespace relayproof::reference
