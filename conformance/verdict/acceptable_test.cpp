// The walk over the options that were asked, held against the plain product over all of them.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>

#include "conformance/verdict/choices.h"
#include "conformance/verdict/decide.h"
#include "conformance/verdict/test_support.h"
#include "conformance/verdict/ways.h"

namespace relayproof::verdict {
namespace {

std::uint8_t everyValue(std::size_t option) {
  return static_cast<std::uint8_t>((1U << optionTable()[option].values.size()) - 1U);
}

Profile openProfile() {
  Profile profile{"open", {}};
  for (std::size_t i = 0; i < kOptionCount; ++i) profile.allowed[i] = everyValue(i);
  return profile;
}

// A few options open, every value of them, most of them such that the answer hangs on them; the others fixed at a value
// that some shipped profile has.
Profile randomProfile(std::mt19937& random, std::vector<Option> mattering) {
  const Profile& base = shippedProfiles()[random() % shippedProfiles().size()];
  Profile profile{"random", {}};
  for (std::size_t i = 0; i < kOptionCount; ++i) {
    std::size_t value = random() % optionTable()[i].values.size();
    while ((base.allowed[i] >> value & 1) == 0) value = (value + 1) % optionTable()[i].values.size();
    profile.allowed[i] = static_cast<std::uint8_t>(1U << value);
  }
  std::shuffle(mattering.begin(), mattering.end(), random);
  mattering.resize(std::min<std::size_t>(mattering.size(), 4));
  mattering.push_back(static_cast<Option>(random() % kOptionCount));
  for (const Option option : mattering)
    profile.allowed[static_cast<std::size_t>(option)] = everyValue(static_cast<std::size_t>(option));
  return profile;
}

std::vector<Assignment> product(const Profile& profile) {
  std::vector<Assignment> all(1);
  for (std::size_t i = 0; i < kOptionCount; ++i) {
    std::vector<Assignment> longer;
    for (const Assignment& assignment : all) {
      for (std::uint8_t value = 0; value < optionTable()[i].values.size(); ++value) {
        if ((profile.allowed[i] >> value & 1) == 0) continue;
        longer.push_back(assignment);
        longer.back().value[i] = value;
      }
    }
    all = std::move(longer);
  }
  return all;
}

TEST(Acceptable, WhoDoesNotHoldTheKeyMayAlwaysBeRefusedTls) {
  Profile profile = shippedProfile("strict");
  profile.allowed[static_cast<std::size_t>(Option::untrustedCertificate)] = 1;
  ASSERT_TRUE(profile.allows(Option::untrustedCertificate, "treatAsNone"));
  ASSERT_FALSE(profile.allows(Option::untrustedCertificate, "refuseTls"));
  Peer peer;
  peer.certificate.emplace().verified = true;
  const Envelope envelope{"", "", "a@elsewhere.test"};
  EXPECT_EQ(acceptable({}, profile, peer, envelope).wire(), std::set{Wire::deny});
  peer.certificate->verified = false;
  EXPECT_EQ(acceptable({}, profile, peer, envelope).wire(), std::set{Wire::deny}) << "the profile treats it as none";
  peer.certificate->ownKey = false;
  EXPECT_EQ(acceptable({}, profile, peer, envelope).wire(), (std::set{Wire::deny, Wire::refuseTls}));
  EXPECT_THAT(acceptable({}, profile, peer, envelope).derivation,
              testing::HasSubstr("whose key the peer does not hold"));
}

struct FreeRow {
  const char* what;
  Option option;
  const char* pinned;
  void (*change)(ClientCertificate&);
  std::set<Wire> wire;
};

// Of a certificate whose CN relays, under exo-2017 with one option pinned and untrusted ones treated as none.
const FreeRow kFree[] = {
    {"honest", Option::malformedSibling, "rejectCertificate", [](ClientCertificate&) {}, {Wire::accept}},
    {"malformed subjectAltName, ignored",
     Option::malformedSibling,
     "ignoreIt",
     [](ClientCertificate& one) { one.subjectAltNameMalformed = true; },
     {Wire::accept, Wire::deny}},
    {"malformed subjectAltName, rejected",
     Option::malformedSibling,
     "rejectCertificate",
     [](ClientCertificate& one) { one.subjectAltNameMalformed = true; },
     {Wire::accept, Wire::deny}},
    {"malformed DNS-ID, ignored",
     Option::malformedSibling,
     "ignoreIt",
     [](ClientCertificate& one) { one.dnsNames.push_back(dnsId("a..test")); },
     {Wire::accept}},
    {"malformed DNS-ID, rejected",
     Option::malformedSibling,
     "rejectCertificate",
     [](ClientCertificate& one) { one.dnsNames.push_back(dnsId("a..test")); },
     {Wire::deny}},
    {"any purpose, clients by name",
     Option::extendedKeyUsage,
     "clientAuth",
     [](ClientCertificate& one) { one.extendedKeyUsage = {"any"}; },
     {Wire::accept, Wire::deny}},
    {"any purpose, clients or servers",
     Option::extendedKeyUsage,
     "clientOrServer",
     [](ClientCertificate& one) { one.extendedKeyUsage = {"any"}; },
     {Wire::accept, Wire::deny}},
    {"any purpose, not looked at",
     Option::extendedKeyUsage,
     "ignored",
     [](ClientCertificate& one) { one.extendedKeyUsage = {"any"}; },
     {Wire::accept}},
    {"servers, clients by name",
     Option::extendedKeyUsage,
     "clientAuth",
     [](ClientCertificate& one) { one.extendedKeyUsage = {"serverAuth"}; },
     {Wire::deny}},
};

TEST(Acceptable, WhatEveryRelayIsFreeToDoIsRightUnderEveryProfile) {
  const Tenancy& tenancy = tenancyNamed("registered-host");
  for (const FreeRow& row : kFree) {
    Profile profile = shippedProfile("exo-2017");
    const auto pin = [&](Option option, std::string_view value) {
      const auto& values = optionTable()[static_cast<std::size_t>(option)].values;
      const auto place = std::find(values.begin(), values.end(), value) - values.begin();
      profile.allowed[static_cast<std::size_t>(option)] = static_cast<std::uint8_t>(1U << place);
    };
    pin(Option::untrustedCertificate, "treatAsNone");
    pin(row.option, row.pinned);
    Peer peer;
    ClientCertificate& certificate = peer.certificate.emplace();
    certificate.verified = true;
    certificate.commonNames.push_back(commonName("mail.contoso.test"));
    row.change(certificate);
    const Envelope envelope{"a@foreign.test", "", "b@elsewhere.test"};
    EXPECT_EQ(acceptable(tenancy, profile, peer, envelope).wire(), row.wire) << row.what;
    for (const Way& way : ways(tenancy, profile, peer, envelope))
      for (const Choices::Choice& choice : way.choices) EXPECT_NE(choice.option, row.option) << row.what;
  }
}

using Outcome = std::pair<Verdict, std::optional<std::string>>;

std::vector<Option> optionsByDefinition(const std::map<std::array<std::uint8_t, kOptionCount>, Outcome>& outcomes) {
  std::vector<Option> options;
  for (std::size_t i = 0; i < kOptionCount; ++i) {
    bool matters = false;
    for (const auto& [values, outcome] : outcomes) {
      auto other = values;
      for (other[i] = 0; other[i] < optionTable()[i].values.size() && !matters; ++other[i]) {
        const auto found = outcomes.find(other);
        matters = found != outcomes.end() && found->second != outcome;
      }
    }
    if (matters) options.push_back(static_cast<Option>(i));
  }
  return options;
}

TEST(Acceptable, EqualsTheProductOverAllOptions) {
  std::mt19937 random(20170705);
  const auto rows = table("decide.json").at("rows").array();
  std::size_t severalAnswers = 0;
  for (const Node& row : rows) {
    const Tenancy& tenancy = tenancyOf(row);
    Peer peer = peerOf(row.at("peer"));
    Envelope envelope = envelopeOf(row.at("envelope"));
    // Two rows make a third that nobody wrote down.
    const Node& other = rows[random() % rows.size()];
    if (random() % 2 == 0) peer.address = parseIpv4("192.0.2.5").value();
    if (random() % 2 == 0 && peer.certificate && peerOf(other.at("peer")).certificate) {
      const auto second = *peerOf(other.at("peer")).certificate;
      auto& names = peer.certificate->dnsNames;
      names.insert(names.end(), second.dnsNames.begin(), second.dnsNames.end());
      auto& commonNames = peer.certificate->commonNames;
      commonNames.insert(commonNames.end(), second.commonNames.begin(), second.commonNames.end());
    }
    if (random() % 3 == 0) envelope.headerFrom = "p2@contoso.test";

    const Profile profile = randomProfile(random, acceptable(tenancy, openProfile(), peer, envelope).hangsOn);
    std::map<Outcome, std::set<Basis>> expected;
    std::map<std::array<std::uint8_t, kOptionCount>, Outcome> outcomes;
    for (const Assignment& assignment : product(towards(peer, profile))) {
      const Decision decision = decide(tenancy, assignment, peer, envelope);
      const Outcome outcome{decision.verdict, decision.tenant};
      expected[outcome].insert(decision.basis.begin(), decision.basis.end());
      outcomes[assignment.value] = outcome;
    }
    const Acceptable found = acceptable(tenancy, profile, peer, envelope);
    std::map<Outcome, std::set<Basis>> seen;
    for (const Decision& answer : found.answers) seen[{answer.verdict, answer.tenant}] = answer.basis;
    ASSERT_EQ(seen, expected) << row.json().dump() << "\n" << found.derivation;
    ASSERT_EQ(seen.size(), found.answers.size());
    ASSERT_EQ(found.hangsOn, optionsByDefinition(outcomes)) << row.json().dump() << "\n" << found.derivation;
    if (seen.size() > 1) ++severalAnswers;
  }
  EXPECT_GT(severalAnswers, 50U) << "the samples must exercise several answers";
}

TEST(Choices, VisitEveryCombinationOfWhatIsAsked) {
  Choices choices(shippedProfile("exo-2017"));
  std::vector<std::pair<int, int>> visited;
  do {
    const int depth = choices.valueOf(Option::multipleCommonNames);
    visited.emplace_back(depth, depth == 1 ? choices.valueOf(Option::trailingDot) : -1);
    EXPECT_EQ(choices.valueOf(Option::multipleCommonNames), depth) << "asked twice, answered the same";
    EXPECT_TRUE(choices.is(Option::commonName, CommonName::always)) << "a single value is no choice";
    EXPECT_EQ(choices.asked().size(), depth == 1 ? 2U : 1U) << "nor is it told among what was asked";
  } while (choices.next());
  EXPECT_THAT(visited, testing::ElementsAre(std::pair(0, -1), std::pair(1, 0), std::pair(1, 1), std::pair(2, -1)));
}

// The enumerators' numbers are places in the option table.
TEST(Choices, EnumeratorsAgreeWithTheTable) {
  const auto named = [](Option option, auto value) {
    return optionTable()[static_cast<std::size_t>(option)].values.at(static_cast<std::size_t>(value));
  };
  EXPECT_EQ(named(Option::commonName, CommonName::whenNoSubjectIdentifier), "whenNoSubjectIdentifier");
  EXPECT_EQ(named(Option::commonName, CommonName::never), "never");
  EXPECT_EQ(named(Option::multipleCommonNames, MultipleCommonNames::last), "last");
  EXPECT_EQ(named(Option::presentedWildcardOnExactPattern, PresentedWildcardOnExactPattern::underTwoLabels),
            "underTwoLabels");
  EXPECT_EQ(named(Option::patternDepth, PatternDepth::any), "any");
  EXPECT_EQ(named(Option::patternApex, PatternApex::no), "no");
  EXPECT_EQ(named(Option::registration, Registration::presentedOrParent), "presentedOrParent");
  EXPECT_EQ(named(Option::registrationMatchSubDomains, RegistrationMatchSubDomains::no), "no");
  EXPECT_EQ(named(Option::conditions, Conditions::addressOrParent), "addressOrParent");
  EXPECT_EQ(named(Option::conditions, Conditions::independent), "independent");
  EXPECT_EQ(named(Option::senderIdentity, SenderIdentity::envelopeOrHeader), "envelopeOrHeader");
  EXPECT_EQ(named(Option::tenantConflict, TenantConflict::deny), "deny");
  EXPECT_EQ(named(Option::extendedKeyUsage, ExtendedKeyUsage::ignored), "ignored");
  EXPECT_EQ(named(Option::untrustedCertificate, UntrustedCertificate::refuseTls), "refuseTls");
  EXPECT_EQ(named(Option::malformedSibling, MalformedSibling::rejectCertificate), "rejectCertificate");
  EXPECT_EQ(named(Option::revocation, RevocationCheck::bestEffort), "bestEffort");
  EXPECT_EQ(named(Option::commonNameUnderDnsConstraint, CommonNameUnderDnsConstraint::unchecked), "unchecked");
  EXPECT_EQ(named(Option::associatedDomainsBind3b, AssociatedDomainsBind3b::no), "no");
  EXPECT_EQ(named(Option::partnerCertificateName, PartnerCertificateName::subjectOrSan), "subjectOrSan");
  EXPECT_EQ(named(Option::trailingDot, TrailingDot::malformed), "malformed");
  EXPECT_EQ(named(Option::nameSyntax, NameSyntaxChoice::lenient), "lenient");
  EXPECT_EQ(named(Option::uLabelInCommonName, ULabelInCommonName::toALabel), "toALabel");
}

}  // namespace
}  // namespace relayproof::verdict
