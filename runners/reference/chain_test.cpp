#include "runners/reference/chain.h"

#include <gtest/gtest.h>

#include "runners/reference/test_certificates.h"

namespace relayproof::reference {
namespace {

using testing::authoritySpec;
using testing::leafSpec;
using testing::ListSpec;
using testing::mint;
using testing::Minted;
using testing::mintList;
using testing::Spec;

TEST(Trust, HangsOnPurposesByTheTable) {
  struct Row {
    Purposes purposes;
    bool clientAuth, clientOrServer;
  };
  const Row rows[] = {{{true, true, true}, true, true},
                      {{true, true, false}, false, true},
                      {{true, false, true}, true, true},
                      {{false, true, false}, false, true},
                      {{false, false, false}, false, false}};
  for (const Row& row : rows)
    for (const auto& [option, trusted] : {std::pair(ExtendedKeyUsage::clientAuth, row.clientAuth),
                                          std::pair(ExtendedKeyUsage::clientOrServer, row.clientOrServer),
                                          std::pair(ExtendedKeyUsage::ignored, true)}) {
      Behaviour behaviour;
      behaviour.extendedKeyUsage = option;
      ChainFacts facts{true, row.purposes, Revocation::notNamed, false};
      EXPECT_EQ(isTrusted(facts, behaviour), trusted) << row.purposes.client << row.purposes.server;
      facts.verified = false;
      EXPECT_FALSE(isTrusted(facts, behaviour));
    }
}

TEST(Trust, HangsOnRevocationByTheTable) {
  struct Row {
    Revocation revocation;
    bool require, bestEffort;
  };
  const Row rows[] = {{Revocation::notNamed, true, true},
                      {Revocation::good, true, true},
                      {Revocation::revoked, false, false},
                      {Revocation::unknown, false, true}};
  for (const Row& row : rows)
    for (const auto& [option, trusted] :
         {std::pair(RevocationPolicy::require, row.require), std::pair(RevocationPolicy::bestEffort, row.bestEffort),
          std::pair(RevocationPolicy::ignore, true)}) {
      Behaviour behaviour;
      behaviour.revocation = option;
      EXPECT_EQ(isTrusted({true, {}, row.revocation, false}, behaviour), trusted)
          << static_cast<int>(row.revocation) << static_cast<int>(option);
    }
}

TEST(Trust, HangsOnCommonNamesUnderConstraintsByTheOption) {
  Behaviour behaviour;
  EXPECT_FALSE(isTrusted({true, {}, Revocation::notNamed, true}, behaviour));
  EXPECT_TRUE(isTrusted({true, {}, Revocation::notNamed, false}, behaviour));
  behaviour.commonNameUnderDnsConstraint = CommonNameUnderDnsConstraint::unchecked;
  EXPECT_TRUE(isTrusted({true, {}, Revocation::notNamed, true}, behaviour));
}

// Judges a chain, leaf first and its anchor last, against the lists; the error with it.
std::pair<ClientCertificate, int> judged(const std::vector<const Minted*>& chain, const Conduct& conduct = {},
                                         const std::vector<const RevocationList*>& lists = {}) {
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, chain.back()->certificate.get());
  for (const RevocationList* list : lists) X509_STORE_add_crl(store, list->get());
  STACK_OF(X509)* sent = sk_X509_new_null();
  for (const Minted* each : chain) sk_X509_push(sent, each->certificate.get());
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, chain.front()->certificate.get(), sent);
  std::pair<ClientCertificate, int> result;
  result.first = judgeChain(context, conduct);
  result.second = X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  sk_X509_free(sent);
  X509_STORE_free(store);
  EXPECT_EQ(result.first.trusted, result.second == X509_V_OK);
  EXPECT_TRUE(result.first.trusted || result.first.identity.ids.empty());
  return result;
}

Spec with(Spec spec, int nid, const std::string& value) {
  spec.extensions.emplace_back(nid, value);
  return spec;
}

bool trustedFor(ExtendedKeyUsage option, const char* ofTheAuthority, const char* ofTheLeaf) {
  const Minted root = mint(authoritySpec("Root"));
  Spec authority = authoritySpec("Issuing");
  Spec leaf = leafSpec({"mail.contoso.test"});
  if (*ofTheAuthority != '\0') authority = with(authority, NID_ext_key_usage, ofTheAuthority);
  if (*ofTheLeaf != '\0') leaf = with(leaf, NID_ext_key_usage, ofTheLeaf);
  const Minted issuing = mint(authority, &root);
  const Minted end = mint(leaf, &issuing);
  Conduct conduct;
  conduct.behaviour.extendedKeyUsage = option;
  return judged({&end, &issuing, &root}, conduct).first.trusted;
}

TEST(Chain, SharesPurposesFromLeafToAuthorities) {
  using enum ExtendedKeyUsage;
  EXPECT_TRUE(trustedFor(clientAuth, "", ""));
  EXPECT_TRUE(trustedFor(clientAuth, "serverAuth,clientAuth", "clientAuth"));
  EXPECT_TRUE(trustedFor(clientAuth, "", "anyExtendedKeyUsage,clientAuth"));
  EXPECT_FALSE(trustedFor(clientAuth, "anyExtendedKeyUsage", "clientAuth"));
  EXPECT_FALSE(trustedFor(clientAuth, "", "anyExtendedKeyUsage"));
  EXPECT_TRUE(trustedFor(clientOrServer, "anyExtendedKeyUsage", "clientAuth"));
  EXPECT_TRUE(trustedFor(clientOrServer, "", "anyExtendedKeyUsage"));
  EXPECT_FALSE(trustedFor(clientAuth, "serverAuth", ""));
  EXPECT_FALSE(trustedFor(clientAuth, "", "serverAuth"));
  EXPECT_TRUE(trustedFor(clientOrServer, "serverAuth", ""));
  EXPECT_TRUE(trustedFor(clientOrServer, "", "serverAuth"));
  EXPECT_FALSE(trustedFor(clientOrServer, "serverAuth", "clientAuth")) << "each has one, and both have none";
  EXPECT_FALSE(trustedFor(clientOrServer, "", "codeSigning"));
  EXPECT_TRUE(trustedFor(ignored, "serverAuth", "codeSigning"));
}

TEST(Chain, HoldsCommonNamesAgainstConstraintsByTheOption) {
  const Minted root = mint(authoritySpec("Root"));
  const Minted narrow =
      mint(with(authoritySpec("Narrow"), NID_name_constraints, "critical,permitted;DNS:contoso.test"), &root);
  for (const bool beside : {false, true})
    for (const char* name : {"mail.evil.test", "*.evil.test", "b\u00FCcher.test", "mail.evil.test."}) {
      Spec spec = leafSpec(beside ? std::vector<std::string>{"mail.contoso.test"} : std::vector<std::string>{});
      spec.subject = {{NID_commonName, name}};
      const Minted leaf = mint(spec, &narrow);
      Conduct conduct;
      conduct.behaviour.uLabelInCommonName = ULabelInCommonName::toALabel;
      conduct.behaviour.trailingDot = TrailingDot::strip;
      EXPECT_EQ(judged({&leaf, &narrow, &root}, conduct).second, X509_V_ERR_PERMITTED_VIOLATION) << name << beside;
      conduct.behaviour.commonNameUnderDnsConstraint = CommonNameUnderDnsConstraint::unchecked;
      EXPECT_TRUE(judged({&leaf, &narrow, &root}, conduct).first.trusted) << name << beside;
    }
  const Minted outside = mint(leafSpec({"mail.evil.test"}), &narrow);
  Conduct unchecked;
  unchecked.behaviour.commonNameUnderDnsConstraint = CommonNameUnderDnsConstraint::unchecked;
  EXPECT_FALSE(judged({&outside, &narrow, &root}, unchecked).first.trusted) << "a DNS-ID is bound by the standard";
}

// A leaf and its authority that name CRLs, under a root.
struct Listed {
  Minted root = mint(authoritySpec("Root"));
  Minted issuing =
      mint(with(authoritySpec("Issuing"), NID_crl_distribution_points, "URI:http://crl.test/root.crl"), &root);
  Minted leaf = mint(
      with(leafSpec({"mail.contoso.test"}), NID_crl_distribution_points, "URI:http://crl.test/issuing.crl"), &issuing);
  RevocationList rootsEmpty = mintList(root);
  RevocationList issuingsEmpty = mintList(issuing);
};

enum class Standing { good, unknown, revoked };

Standing standingOf(const Listed& listed, const std::vector<const RevocationList*>& lists) {
  const auto errorUnder = [&](RevocationPolicy option) {
    Conduct conduct;
    conduct.behaviour.revocation = option;
    return judged({&listed.leaf, &listed.issuing, &listed.root}, conduct, lists).second;
  };
  EXPECT_EQ(errorUnder(RevocationPolicy::ignore), X509_V_OK);
  const int required = errorUnder(RevocationPolicy::require);
  const int tried = errorUnder(RevocationPolicy::bestEffort);
  if (required == X509_V_ERR_CERT_REVOKED) {
    EXPECT_EQ(tried, X509_V_ERR_CERT_REVOKED);
    return Standing::revoked;
  }
  EXPECT_EQ(tried, X509_V_OK);
  if (required == X509_V_OK) return Standing::good;
  EXPECT_EQ(required, X509_V_ERR_UNABLE_TO_GET_CRL);
  return Standing::unknown;
}

TEST(Chain, AsksListsForEachCertificateBelowTheAnchor) {
  const Listed all;
  EXPECT_EQ(standingOf(all, {&all.rootsEmpty, &all.issuingsEmpty}), Standing::good);
  EXPECT_EQ(standingOf(all, {}), Standing::unknown);
  EXPECT_EQ(standingOf(all, {&all.rootsEmpty}), Standing::unknown);
  EXPECT_EQ(standingOf(all, {&all.issuingsEmpty}), Standing::unknown);
  const RevocationList withLeaf = mintList(all.issuing, {.revoked = {&all.leaf}});
  const RevocationList withIssuing = mintList(all.root, {.revoked = {&all.issuing}});
  const RevocationList withRoot = mintList(all.root, {.revoked = {&all.root}});
  EXPECT_EQ(standingOf(all, {&all.rootsEmpty, &withLeaf}), Standing::revoked);
  EXPECT_EQ(standingOf(all, {&withLeaf}), Standing::revoked)
      << "what is known of one outweighs what is unknown of another";
  EXPECT_EQ(standingOf(all, {&withIssuing, &all.issuingsEmpty}), Standing::revoked);
  EXPECT_EQ(standingOf(all, {&withRoot, &all.issuingsEmpty}), Standing::good) << "an anchor is not asked";
}

TEST(Chain, BelievesCurrentListsOfTheIssuerAlone) {
  const Listed all;
  const Minted stranger = mint(authoritySpec("Issuing"));
  const ListSpec stale{.revoked = {&all.leaf}, .lastUpdate = -7200, .nextUpdate = -60};
  const ListSpec early{.revoked = {&all.leaf}, .lastUpdate = 3600};
  const ListSpec forged{.revoked = {&all.leaf}, .signer = &stranger};
  for (const ListSpec& spec : {stale, early, forged}) {
    const RevocationList list = mintList(all.issuing, spec);
    EXPECT_EQ(standingOf(all, {&all.rootsEmpty, &list}), Standing::unknown)
        << spec.lastUpdate << " " << spec.nextUpdate;
  }
  const RevocationList old = mintList(all.issuing, stale);
  EXPECT_EQ(standingOf(all, {&all.rootsEmpty, &old, &all.issuingsEmpty}), Standing::good) << "beside a current one";
}

TEST(Chain, NeedsNoListWhereNoneIsNamed) {
  const Minted root = mint(authoritySpec("Root"));
  const Minted leaf = mint(leafSpec({"mail.contoso.test"}), &root);
  Conduct conduct;
  conduct.behaviour.revocation = RevocationPolicy::require;
  EXPECT_TRUE(judged({&leaf, &root}, conduct).first.trusted);
  const RevocationList list = mintList(root, {.revoked = {&leaf}});
  EXPECT_EQ(judged({&leaf, &root}, conduct, {&list}).second, X509_V_ERR_CERT_REVOKED) << "known all the same";
}

}  // namespace
}  // namespace relayproof::reference
