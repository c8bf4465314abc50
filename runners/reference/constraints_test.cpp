#include "runners/reference/constraints.h"

#include <gtest/gtest.h>

#include "runners/reference/test_certificates.h"

namespace relayproof::reference {
namespace {

bool within(const std::string& constraints, const std::string& presented) {
  testing::Spec spec = testing::authoritySpec("Constrained");
  spec.extensions.emplace_back(NID_name_constraints, constraints);
  const testing::Minted authority = testing::mint(spec);
  const testing::Minted leaf = testing::mint(testing::leafSpec({presented}), &authority);
  STACK_OF(X509)* chain = sk_X509_new_null();
  sk_X509_push(chain, leaf.certificate.get());
  sk_X509_push(chain, authority.certificate.get());
  const bool result = wildcardsAreWithinConstraints(chain, identify(readNames(leaf.certificate.get()), {}));
  sk_X509_free(chain);
  return result;
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
