#include "conformance/verdict/decide.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/verdict/test_support.h"

namespace relayproof::verdict {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
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

TEST(DecideProperties, SeveralAnswersHangOnSomethingAndAreToldOneALine) {
  for (const Node& row : table("decide.json").at("rows").array()) {
    for (const Profile& profile : shippedProfiles()) {
      const Acceptable found = judge(row, profile);
      ASSERT_FALSE(found.answers.empty());
      EXPECT_EQ(found.hangsOn.empty(), found.answers.size() == 1) << row.json().dump();
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

TEST(HangsOn, OnlyWhatChangesTheAnswer) {
  Peer peer = peerWith({dnsId("mail.contoso.test"), dnsId("a_b.fabrikam.test")});
  const auto found = sample("wildcard", peer, kForeign, "exo-2017");
  EXPECT_THAT(found.hangsOn, ElementsAre(Option::untrustedCertificate, Option::malformedSibling, Option::nameSyntax));
  EXPECT_THAT(sample("address", peerWith({dnsId("contoso.test")}), kForeign, "exo-2017").hangsOn, ElementsAre());
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
