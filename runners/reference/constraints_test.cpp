#include "runners/reference/constraints.h"

#include <gtest/gtest.h>

#include "runners/reference/test_certificates.h"

namespace relayproof::reference {
namespace {

// Of a leaf with that name under an authority with these constraints.
template <class Check>
bool within(const std::string& constraints, const std::string& presented, Check check) {
  testing::Spec spec = testing::authoritySpec("Constrained");
  spec.extensions.emplace_back(NID_name_constraints, constraints);
  const testing::Minted authority = testing::mint(spec);
  const testing::Minted leaf = testing::mint(testing::leafSpec({presented}), &authority);
  STACK_OF(X509)* chain = sk_X509_new_null();
  sk_X509_push(chain, leaf.certificate.get());
  sk_X509_push(chain, authority.certificate.get());
  const bool result = check(chain, presented);
  sk_X509_free(chain);
  return result;
}

bool within(const std::string& constraints, const std::string& dnsName) {
  return within(constraints, dnsName, [](const auto* chain, const std::string& name) {
    return wildcardsAreWithinConstraints(chain, identify({{}, {name}, false}, {}));
  });
}

bool commonNameWithin(const std::string& constraints, const std::string& commonName) {
  return within(constraints, commonName, [](const auto* chain, const std::string& name) {
    Behaviour behaviour;
    behaviour.trailingDot = TrailingDot::strip;
    behaviour.uLabelInCommonName = ULabelInCommonName::toALabel;
    return areWithinConstraints(chain, constrainedCommonNames({{name}, {}, false}, behaviour));
  });
}

TEST(Constraints, BindCommonNamesByTheTable) {
  EXPECT_TRUE(commonNameWithin("permitted;DNS:contoso.test", "contoso.test"));
  EXPECT_TRUE(commonNameWithin("permitted;DNS:contoso.test", "Mail.Contoso.Test"));
  EXPECT_TRUE(commonNameWithin("permitted;DNS:contoso.test", "*.contoso.test"));
  EXPECT_FALSE(commonNameWithin("permitted;DNS:contoso.test", "evilcontoso.test"));
  EXPECT_FALSE(commonNameWithin("permitted;DNS:contoso.test", "mail.evil.test"));
  EXPECT_FALSE(commonNameWithin("permitted;DNS:contoso.test", "mail.evil.test."));
  EXPECT_TRUE(commonNameWithin("permitted;DNS:contoso.test", "Mail of Evil"));
  EXPECT_TRUE(commonNameWithin("permitted;DNS:contoso.test", "mail..evil.test")) << "malformed, and so nothing";
  EXPECT_FALSE(commonNameWithin("permitted;DNS:contoso.test", "b\u00FCcher.test"));
  EXPECT_TRUE(commonNameWithin("permitted;DNS:xn--bcher-kva.test", "b\u00FCcher.test"));
  EXPECT_FALSE(commonNameWithin("excluded;DNS:mail.contoso.test", "mail.contoso.test"));
  EXPECT_FALSE(commonNameWithin("excluded;DNS:mail.contoso.test", "*.contoso.test"));
  EXPECT_TRUE(commonNameWithin("excluded;DNS:mail.contoso.test", "contoso.test"));
  EXPECT_TRUE(commonNameWithin("permitted;email:contoso.test", "mail.evil.test"));
}

TEST(Constraints, BindWildcardsByTheTable) {
  EXPECT_TRUE(within("permitted;DNS:contoso.test", "*.contoso.test"));
  EXPECT_TRUE(within("permitted;DNS:evil.test,permitted;DNS:CONTOSO.test", "*.sub.contoso.test"));
  EXPECT_FALSE(within("permitted;DNS:mail.contoso.test", "*.contoso.test"));
  EXPECT_FALSE(within("permitted;DNS:contoso.test", "*.evilcontoso.test"));
  EXPECT_TRUE(within("permitted;email:contoso.test", "*.evil.test"));
  EXPECT_FALSE(within("excluded;DNS:contoso.test", "*.contoso.test"));
  EXPECT_FALSE(within("excluded;DNS:contoso.test", "*.sub.contoso.test"));
  EXPECT_FALSE(within("excluded;DNS:mail.contoso.test", "*.contoso.test"));
  EXPECT_TRUE(within("excluded;DNS:a.mail.contoso.test", "*.contoso.test"));
  EXPECT_TRUE(within("excluded;DNS:contoso.test", "*.fabrikam.test"));
}

}  // namespace
}  // namespace relayproof::reference
