#include "conformance/verdict/decide.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "conformance/verdict/choices.h"
#include "conformance/verdict/test_support.h"

namespace relayproof::verdict {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAreArray;

std::string told(const Decision& decision) {
  std::string text(name(decision.verdict));
  if (decision.tenant) text += " " + *decision.tenant;
  for (const Basis basis : decision.basis) text += fmt::format(" {}", name(basis));
  return text;
}

std::vector<std::string> told(const Acceptable& acceptable) {
  std::vector<std::string> answers;
  for (const Decision& decision : acceptable.answers) answers.push_back(told(decision));
  return answers;
}

Acceptable judge(const Node& row, const Profile& profile) {
  return acceptable(tenancyOf(row), profile, peerOf(row.at("peer")), envelopeOf(row.at("envelope")));
}

TEST(DecideTable, EveryRowUnderEveryProfile) {
  const auto rows = table("decide.json").at("rows").array();
  EXPECT_GE(rows.size(), 300U);
  for (const Node& row : rows) {
    for (const Profile& profile : shippedProfiles()) {
      const Acceptable found = judge(row, profile);
      EXPECT_THAT(told(found), UnorderedElementsAreArray(expectedFor(row.at("expect"), profile.name).strings()))
          << row.key() << " " << profile.name << "\n"
          << row.json().dump() << "\n"
          << found.derivation;
    }
  }
}

TEST(DecideTable, EveryRowHasSourceAndReason) {
  for (const Node& row : table("decide.json").at("rows").array()) {
    row.allowOnly({"tenancy", "peer", "envelope", "expect", "source", "why"});
    row.at("peer").allowOnly({"address", "tls", "certificate"});
    row.at("envelope").allowOnly({"from", "to", "header"});
    expectSourceAndReason(row);
  }
}

// What must hold whatever the tenancy is; the table's rows are the samples.
TEST(DecideProperties, AnUnverifiedCertificateGivesNoMoreThanNone) {
  for (const Node& row : table("decide.json").at("rows").array()) {
    Peer peer = peerOf(row.at("peer"));
    if (!peer.certificate) continue;
    peer.certificate->verified = false;
    Peer without = peer;
    without.certificate.reset();
    const Envelope envelope = envelopeOf(row.at("envelope"));
    for (const Profile& profile : shippedProfiles()) {
      auto expected = told(acceptable(tenancyOf(row), profile, without, envelope));
      expected.push_back("refuse-tls");
      const auto found = told(acceptable(tenancyOf(row), profile, peer, envelope));
      EXPECT_THAT(found, UnorderedElementsAreArray(expected)) << row.json().dump();
      for (const auto& answer : found) EXPECT_THAT(answer, testing::Not(HasSubstr("3b")));
    }
  }
}

TEST(DecideProperties, TheOrderOfNamesConnectorsAndTenantsIsIrrelevant) {
  for (const Node& row : table("decide.json").at("rows").array()) {
    Tenancy tenancy = tenancyOf(row);
    std::reverse(tenancy.tenants.begin(), tenancy.tenants.end());
    for (Tenant& tenant : tenancy.tenants) {
      std::reverse(tenant.acceptedDomains.begin(), tenant.acceptedDomains.end());
      std::reverse(tenant.inboundConnectors.begin(), tenant.inboundConnectors.end());
    }
    Peer peer = peerOf(row.at("peer"));
    if (peer.certificate) std::reverse(peer.certificate->dnsNames.begin(), peer.certificate->dnsNames.end());
    for (const Profile& profile : shippedProfiles()) {
      const Acceptable before = judge(row, profile);
      const Acceptable after = acceptable(tenancy, profile, peer, envelopeOf(row.at("envelope")));
      EXPECT_EQ(before.answers, after.answers) << row.json().dump();
      EXPECT_EQ(before.hangsOn, after.hangsOn) << row.json().dump();
    }
  }
}

TEST(Decide, TheLongestDomainOwnsInWhateverOrder) {
  for (const bool tenantsReversed : {false, true}) {
    for (const bool domainsReversed : {false, true}) {
      Tenancy tenancy = tenancyNamed("nested-three");
      if (tenantsReversed) std::reverse(tenancy.tenants.begin(), tenancy.tenants.end());
      for (Tenant& tenant : tenancy.tenants)
        if (domainsReversed) std::reverse(tenant.acceptedDomains.begin(), tenant.acceptedDomains.end());
      const auto owner = [&](const char* recipient) {
        return decide(tenancy, {}, {}, {"a@foreign.test", "", recipient}).tenant;
      };
      EXPECT_EQ(owner("b@contoso.test"), "contoso");
      EXPECT_EQ(owner("b@x.contoso.test"), "contoso");
      EXPECT_EQ(owner("b@sub.contoso.test"), "fabrikam");
      EXPECT_EQ(owner("b@x.sub.contoso.test"), "fabrikam");
      EXPECT_EQ(owner("b@deep.sub.contoso.test"), "contoso");
    }
  }
}

TEST(DecideProperties, SeveralAnswersHangOnSomethingAndAreToldOneALine) {
  for (const Node& row : table("decide.json").at("rows").array()) {
    for (const Profile& profile : shippedProfiles()) {
      const Acceptable found = judge(row, profile);
      ASSERT_FALSE(found.answers.empty());
      EXPECT_EQ(found.hangsOn.empty(), found.answers.size() == 1) << row.json().dump();
      const auto inOrder = [](const Decision& a, const Decision& b) {
        return std::tie(a.verdict, a.tenant) < std::tie(b.verdict, b.tenant);
      };
      EXPECT_TRUE(std::is_sorted(found.answers.begin(), found.answers.end(), inOrder)) << row.json().dump();
      EXPECT_EQ(std::count(found.derivation.begin(), found.derivation.end(), '\n') + 1,
                static_cast<std::ptrdiff_t>(found.answers.size()));
    }
  }
}

Acceptable sample(const char* tenancy, const Peer& peer, const Envelope& envelope, const char* profile) {
  return acceptable(tenancyNamed(tenancy), shippedProfile(profile), peer, envelope);
}

Peer peerWith(std::vector<certs::PresentedIdentifier> dnsNames) {
  Peer peer;
  peer.certificate.emplace().verified = true;
  peer.certificate->dnsNames = std::move(dnsNames);
  return peer;
}

const Envelope kForeign{"a@foreign.test", "", "b@elsewhere.test"};

TEST(Derivation, OneAnswer) {
  EXPECT_EQ(sample("exact", peerWith({dnsId("mail.contoso.test")}), kForeign, "strict").derivation,
            "ids={DNS-ID mail.contoso.test} M={contoso/relay via mail.contoso.test} A={} registered: "
            "mail.contoso.test no, contoso.test yes → 3b={} 3a={} → deny");
}

TEST(Derivation, SaysWhatRemovedAnIdentifier) {
  Peer peer = peerWith({dnsId("m*.contoso.test")});
  peer.certificate->commonNames = {commonName("mail.contoso.test")};
  const auto line = sample("exact", peer, kForeign, "strict").derivation;
  EXPECT_THAT(line, HasSubstr("ids={} less {DNS-ID m*.contoso.test: holds a `*`"));
  EXPECT_THAT(line, HasSubstr("CN mail.contoso.test: commonName"));
}

TEST(Derivation, SeveralAnswersNameTheirOptions) {
  const auto found = sample("wildcard", peerWith({dnsId("host.sub.contoso.test")}), kForeign, "exo-2017");
  EXPECT_THAT(found.hangsOn, ElementsAre(Option::registration));
  EXPECT_EQ(found.derivation,
            "registration=connectorDomain: ids={DNS-ID host.sub.contoso.test} M={contoso/relay via "
            "host.sub.contoso.test} A={} registered: contoso.test yes, host.sub.contoso.test no, sub.contoso.test no → "
            "3b={contoso} 3a={} → relay contoso\n"
            "registration=both: ids={DNS-ID host.sub.contoso.test} M={contoso/relay via host.sub.contoso.test} A={} "
            "registered: contoso.test yes, host.sub.contoso.test no, sub.contoso.test no → 3b={} 3a={} → deny");
}

TEST(Derivation, RefusedTls) {
  Peer peer = peerWith({dnsId("mail.contoso.test")});
  peer.certificate->verified = false;
  EXPECT_THAT(sample("exact", peer, kForeign, "strict").derivation,
              HasSubstr("untrustedCertificate=refuseTls: certificate unverified, untrustedCertificate=refuseTls → "
                        "refuse-tls"));
}

TEST(Derivation, TreatedAsNone) {
  Peer peer = peerWith({dnsId("mail.contoso.test")});
  peer.certificate->verified = false;
  EXPECT_THAT(sample("exact", peer, kForeign, "exo-2017").derivation,
              StartsWith("untrustedCertificate=treatAsNone: certificate unverified, treated as none M={} A={} → 3b={} "
                         "3a={} → deny\n"));
}

TEST(Derivation, ByAddress) {
  Peer peer;
  peer.address = parseIpv4("192.0.2.5").value();
  EXPECT_EQ(sample("address", peer, {"a@contoso.test", "", "b@elsewhere.test"}, "strict").derivation,
            "no certificate M={} A={contoso/office} → 3b={} 3a={contoso} → relay contoso");
  peer.certificate = peerWith({dnsId("contoso.test")}).certificate;
  EXPECT_EQ(sample("address", peer, kForeign, "exo-2023").derivation,
            "ids={DNS-ID contoso.test} M={} A={contoso/office} → 3b={} 3a={} 3b-2023={contoso} → relay contoso");
}

TEST(Derivation, SaysWhatIsRegistered) {
  EXPECT_THAT(
      sample("subdomains", peerWith({dnsId("mail.contoso.test")}), kForeign, "strict").derivation,
      HasSubstr(" registered: mail.contoso.test below a domain with matchSubDomains, contoso.test yes → 3b={} "));
  EXPECT_EQ(sample("wildcard", peerWith({dnsId("*.contoso.test")}), kForeign, "strict").derivation,
            "ids={DNS-ID *.contoso.test} M={contoso/relay via *.contoso.test} A={} registered: contoso.test yes → "
            "3b={contoso} 3a={} → relay contoso");
}

TEST(Derivation, NothingIsRelayed) {
  const Envelope local{"a@fabrikam.test", "", "b@contoso.test"};
  EXPECT_EQ(sample("exact", {}, local, "strict").derivation,
            "the recipient's domain is accepted by contoso → deliver contoso");
  EXPECT_EQ(sample("exact", {}, {"a@fabrikam.test", "", "postmaster"}, "strict").derivation,
            "the recipient is Postmaster without a domain → deliver");
  EXPECT_EQ(sample("partner-certificate", {}, local, "strict").derivation,
            "the recipient's domain is accepted by contoso; no certificate; Partner={contoso/supplier} not satisfied → "
            "deny");
  EXPECT_EQ(sample("partner-certificate", peerWith({dnsId("mail.fabrikam.test")}), local, "strict").derivation,
            "the recipient's domain is accepted by contoso; ids={DNS-ID mail.fabrikam.test}; "
            "Partner={contoso/supplier} satisfied → deliver contoso");
}

TEST(Derivation, SaysWhyACertificateIsNotTrusted) {
  const auto why = [](auto change, const char* profile) {
    Peer peer = peerWith({dnsId("mail.contoso.test")});
    change(*peer.certificate);
    return sample("exact", peer, kForeign, profile).derivation;
  };
  using Certificate = ClientCertificate;
  EXPECT_THAT(why([](Certificate& c) { c.verified = false; }, "strict"), HasSubstr("certificate unverified, "));
  EXPECT_THAT(why(
                  [](Certificate& c) {
                    c.verified = false;
                    c.unverifiedBecause = "certificate has expired";
                  },
                  "strict"),
              HasSubstr("certificate unverified (certificate has expired), "));
  EXPECT_THAT(why([](Certificate& c) { c.revocation = Revocation::revoked; }, "strict"),
              HasSubstr("certificate revoked, "));
  EXPECT_THAT(why([](Certificate& c) { c.revocation = Revocation::unknown; }, "strict"),
              HasSubstr("certificate of unknown revocation, "));
}

// Only a common name that counts is held against a constraint, wherever it stands among the names.
TEST(Decide, AConstraintBearsOnTheCommonNamesThatCount) {
  const auto relays = [](std::vector<std::string> dns, std::vector<std::string> cns, std::set<std::size_t> outside,
                         MultipleCommonNames which) {
    Profile profile = shippedProfile("strict");
    const auto fix = [&](Option option, auto value) {
      profile.allowed[static_cast<std::size_t>(option)] = static_cast<std::uint8_t>(1U << static_cast<unsigned>(value));
    };
    fix(Option::commonName, CommonName::always);
    fix(Option::multipleCommonNames, which);
    Peer peer = peerWith({});
    for (const std::string& name : dns) peer.certificate->dnsNames.push_back(dnsId(name));
    for (const std::string& name : cns) peer.certificate->commonNames.push_back(commonName(name));
    peer.certificate->commonNamesOutsideConstraint = std::move(outside);
    return acceptable(tenancyNamed("wildcard"), profile, peer, kForeign).wire() == std::set{Wire::accept};
  };
  const std::string good = "mail.contoso.test", other = "mail.fabrikam.test";
  EXPECT_TRUE(relays({good}, {good, other}, {1}, MultipleCommonNames::first));
  EXPECT_FALSE(relays({good}, {good, other}, {1}, MultipleCommonNames::all));
  EXPECT_TRUE(relays({}, {other, good}, {0}, MultipleCommonNames::last));
  EXPECT_FALSE(relays({}, {other, good}, {0}, MultipleCommonNames::first));
  EXPECT_FALSE(relays({good}, {other}, {0}, MultipleCommonNames::all));
}

TEST(Derivation, SeveralTenants) {
  const Peer peer = peerWith({dnsId("host.contoso.test"), dnsId("host.fabrikam.test")});
  EXPECT_THAT(sample("two-tenants", peer, kForeign, "strict").derivation,
              EndsWith("3b={contoso, fabrikam} 3a={} → several tenants: deny → deny"));
  EXPECT_THAT(sample("two-tenants", peer, kForeign, "exo-2026").derivation,
              EndsWith(" → several tenants, none more specific: deny → deny"));
  EXPECT_THAT(sample("two-tenants", peer, {"a@contoso.test", "", "b@elsewhere.test"}, "exo-2026").derivation,
              EndsWith(" → several tenants: the one that covers the reverse-path → relay contoso"));
  EXPECT_THAT(
      sample("specificity", peerWith({dnsId("mail.contoso.test"), dnsId("host.northwind.test")}), kForeign, "exo-2026")
          .derivation,
      EndsWith(" → several tenants: the one with the most specific connector → relay contoso"));
}

TEST(Derivation, NamesOnlyTheOptionsThatMatter) {
  Peer peer = peerWith({dnsId("host.sub.contoso.test")});
  peer.certificate->commonNames = {commonName("Contoso Ltd"), commonName("Gateway One")};
  const auto found = sample("wildcard", peer, kForeign, "exo-2017");
  EXPECT_THAT(found.hangsOn, ElementsAre(Option::registration)) << "multipleCommonNames is asked and changes nothing";
  EXPECT_THAT(found.derivation, StartsWith("registration=connectorDomain: ids="));
  EXPECT_THAT(found.derivation, HasSubstr("\nregistration=both: ids="));
}

TEST(Derivation, NamesEachOptionOnce) {
  Profile profile = shippedProfile("strict");
  profile.allowed[static_cast<std::size_t>(Option::commonName)] =
      1U << static_cast<unsigned>(CommonName::always) | 1U << static_cast<unsigned>(CommonName::never);
  profile.allowed[static_cast<std::size_t>(Option::multipleCommonNames)] = 1U;
  Peer peer = peerWith({});
  peer.certificate->commonNames = {commonName("mail.contoso.test")};
  EXPECT_THAT(acceptable(tenancyNamed("wildcard"), profile, peer, kForeign).derivation,
              testing::MatchesRegex("commonName=always: ids=.* relay contoso\ncommonName=never: ids=.* deny"));
}

TEST(Derivation, ShowsTwelveNames) {
  std::vector<certs::PresentedIdentifier> names;
  for (int i = 1; i <= 12; ++i) names.push_back(dnsId(fmt::format("n{}.test", i)));
  EXPECT_THAT(sample("exact", peerWith(names), kForeign, "strict").derivation, HasSubstr(", DNS-ID n12.test} M={}"));
  names.push_back(dnsId("n13.test"));
  EXPECT_THAT(sample("exact", peerWith(names), kForeign, "strict").derivation,
              HasSubstr(", DNS-ID n12.test, 1 more} M={}"));
}

// Combinations that no shipped profile has.
Decision decideWith(const Tenancy& tenancy, std::initializer_list<std::pair<Option, int>> values, const Peer& peer) {
  Assignment assignment;
  for (const auto& [option, value] : values)
    assignment.value[static_cast<std::size_t>(option)] = static_cast<std::uint8_t>(value);
  return decide(tenancy, assignment, peer, kForeign);
}

TEST(Registration, ByThePresentedNameOrItsParent) {
  const auto by = [](const char* tenancy, const char* presented, Registration registration) {
    return told(decideWith(
        tenancyNamed(tenancy),
        {{Option::registration, static_cast<int>(registration)},
         {Option::presentedWildcardOnExactPattern, static_cast<int>(PresentedWildcardOnExactPattern::always)},
         {Option::patternDepth, static_cast<int>(PatternDepth::any)}},
        peerWith({dnsId(presented)})));
  };
  using enum Registration;
  EXPECT_EQ(by("exact", "mail.contoso.test", connectorDomain), "deny");
  EXPECT_EQ(by("exact", "mail.contoso.test", presentedOrParent), "relay contoso 3b");
  EXPECT_EQ(by("exact", "mail.contoso.test", both), "deny");
  EXPECT_EQ(by("exact", "*.contoso.test", presentedOrParent), "relay contoso 3b")
      << "the exact name stands for the wildcard, and its parent is registered";
  EXPECT_EQ(by("wildcard", "a.b.contoso.test", connectorDomain), "relay contoso 3b");
  EXPECT_EQ(by("wildcard", "a.b.contoso.test", presentedOrParent), "deny");
  EXPECT_EQ(by("wildcard", "a.b.contoso.test", both), "deny");
}

// The connector's domain is an accepted domain itself; the presented name and its parent only stand below another one.
TEST(Registration, BothIsNoMoreThanTheWeaker) {
  const Tenancy tenancy = readDocument(R"({"tenants":[{"id":"contoso","acceptedDomains":[{"name":"sub.contoso.test"},
          {"name":"contoso.test","type":"InternalRelay","matchSubDomains":true}],
          "inboundConnectors":[{"name":"relay","tlsSenderCertificateName":"*.sub.contoso.test"}]}]})",
                                       "tenancy.json", readTenancy)
                              .value();
  const auto below = [&](RegistrationMatchSubDomains counts) {
    return told(decideWith(tenancy,
                           {{Option::registration, static_cast<int>(Registration::both)},
                            {Option::registrationMatchSubDomains, static_cast<int>(counts)},
                            {Option::patternDepth, static_cast<int>(PatternDepth::any)}},
                           peerWith({dnsId("a.b.sub.contoso.test")})));
  };
  EXPECT_EQ(below(RegistrationMatchSubDomains::yes), "relay contoso 3b");
  EXPECT_EQ(below(RegistrationMatchSubDomains::no), "deny");
}

// The peer must satisfy a restriction; where it names nothing, nothing does.
TEST(Partner, ARestrictionThatNamesNothingIsNotSatisfied) {
  for (const char* restriction : {"restrictDomainsToCertificate", "restrictDomainsToIPAddresses"}) {
    const std::string text = fmt::format(
        R"({{"tenants":[{{"id":"contoso","acceptedDomains":[{{"name":"contoso.test"}}],
            "inboundConnectors":[{{"name":"supplier","connectorType":"Partner","{}":true}}]}}]}})",
        restriction);
    const Tenancy tenancy = readDocument(text, "tenancy.json", readTenancy).value();
    const Peer peer = peerWith({dnsId("mail.fabrikam.test")});
    const Envelope local{"a@fabrikam.test", "", "b@contoso.test"};
    EXPECT_THAT(told(acceptable(tenancy, shippedProfile("rfc6125"), peer, local)), ElementsAre("deny")) << restriction;
  }
}

TEST(HangsOn, OnlyWhatChangesTheAnswer) {
  Peer peer = peerWith({dnsId("mail.contoso.test"), dnsId("a_b.fabrikam.test")});
  const auto found = sample("wildcard", peer, kForeign, "exo-2017");
  EXPECT_THAT(found.hangsOn, ElementsAre(Option::untrustedCertificate, Option::malformedSibling, Option::nameSyntax));
  EXPECT_THAT(sample("address", peerWith({dnsId("contoso.test")}), kForeign, "exo-2017").hangsOn, ElementsAre());
}

TEST(Acceptable, OnTheWire) {
  Peer peer = peerWith({dnsId("host.sub.contoso.test")});
  EXPECT_THAT(sample("wildcard", peer, kForeign, "exo-2017").wire(), ElementsAre(Wire::accept, Wire::deny));
  EXPECT_THAT(sample("wildcard", peer, kForeign, "strict").wire(), ElementsAre(Wire::deny));
  peer.certificate->verified = false;
  EXPECT_THAT(sample("wildcard", peer, {"", "", "b@contoso.test"}, "strict").wire(),
              ElementsAre(Wire::accept, Wire::refuseTls));
}

TEST(Verdicts, NamesAndWire) {
  EXPECT_EQ(name(Verdict::refuseTls), "refuse-tls");
  EXPECT_EQ(name(Basis::b3b2023), "3b-2023");
  EXPECT_EQ(onTheWire(Verdict::deliver), Wire::accept);
  EXPECT_EQ(onTheWire(Verdict::relay), Wire::accept);
  EXPECT_EQ(onTheWire(Verdict::deny), Wire::deny);
  EXPECT_EQ(onTheWire(Verdict::refuseTls), Wire::refuseTls);
}

// Thousands of names are no reason to take long (quadratic comparisons: CVE-2025-61729), nor to say much.
TEST(Decide, ManyNames) {
  std::vector<certs::PresentedIdentifier> names;
  for (int i = 0; i < 5000; ++i) names.push_back(dnsId(fmt::format("host{}.contoso.test", i)));
  const auto found = sample("wildcard", peerWith(std::move(names)), kForeign, "exo-2023");
  EXPECT_THAT(told(found), ElementsAre("relay contoso 3b"));
  EXPECT_THAT(found.derivation, HasSubstr("host11.contoso.test, 4988 more}"));
  EXPECT_LT(found.derivation.size(), 2000U);
}

}  // namespace
}  // namespace relayproof::verdict
