#include "certs/key.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace relayproof::certs {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key privateKey(const std::string& pkcs8) {
  const auto* at = reinterpret_cast<const unsigned char*>(pkcs8.data());
  return {d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(pkcs8.size())), &EVP_PKEY_free};
}

Key publicKey(const std::string& info) {
  const auto* at = reinterpret_cast<const unsigned char*>(info.data());
  return {d2i_PUBKEY(nullptr, &at, static_cast<long>(info.size())), &EVP_PKEY_free};
}

const EVP_MD* hashOf(KeyType type) {
  if (type == KeyType::ed25519) return nullptr;
  return type == KeyType::p384 ? EVP_sha384() : EVP_sha256();
}

bool verifies(EVP_PKEY* key, KeyType type, const std::string& message, const std::string& signature,
              SignatureScheme scheme = SignatureScheme::usual) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_PKEY_CTX* parameters = nullptr;
  return EVP_DigestVerifyInit(context.get(), &parameters, scheme == SignatureScheme::sha1 ? EVP_sha1() : hashOf(type),
                              nullptr, key) == 1 &&
         (scheme != SignatureScheme::pss ||
          (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

class EachKeyType : public testing::TestWithParam<KeyType> {};

TEST_P(EachKeyType, SignsWhatOpenSslVerifies) {
  const PrivateKey key(GetParam(), 1, "x");
  const Key pair = privateKey(key.pkcs8());
  const Key open = publicKey(key.publicInfo());
  ASSERT_TRUE(pair && open);
  EXPECT_EQ(EVP_PKEY_eq(pair.get(), open.get()), 1);
  const int rounds = isRsa(GetParam()) ? 2 : 50;
  for (int i = 0; i < rounds; ++i) {
    const std::string message = "message " + std::to_string(i);
    EXPECT_TRUE(verifies(open.get(), GetParam(), message, key.sign(message)));
    EXPECT_FALSE(verifies(open.get(), GetParam(), message + "!", key.sign(message)));
  }
}

TEST_P(EachKeyType, OpenSslWritesThePrivateKeyAsWeDo) {
  const PrivateKey key(GetParam(), 1, "x");
  const Key pair = privateKey(key.pkcs8());
  ASSERT_TRUE(pair);
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(EVP_PKEY2PKCS8(pair.get()),
                                                                                       &PKCS8_PRIV_KEY_INFO_free);
  unsigned char* octets = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &octets);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(reinterpret_cast<char*>(octets), static_cast<std::size_t>(size)), key.pkcs8());
  OPENSSL_free(octets);
}

TEST_P(EachKeyType, IsAFunctionOfSeedAndLabel) {
  const PrivateKey key(GetParam(), 1, "x");
  EXPECT_EQ(key.pkcs8(), PrivateKey(GetParam(), 1, "x").pkcs8());
  EXPECT_EQ(key.sign("m"), PrivateKey(GetParam(), 1, "x").sign("m"));
  EXPECT_NE(key.pkcs8(), PrivateKey(GetParam(), 2, "x").pkcs8());
  EXPECT_NE(key.identifier(), PrivateKey(GetParam(), 1, "y").identifier());
}

INSTANTIATE_TEST_SUITE_P(Key, EachKeyType,
                         testing::Values(KeyType::p256, KeyType::p384, KeyType::rsa2048, KeyType::rsaPss2048,
                                         KeyType::ed25519));

TEST(RsaPssKeys, SayThatTheySignByPssAlone) {
  const PrivateKey key(KeyType::rsaPss2048, 1, "x");
  const Key open = publicKey(key.publicInfo());
  ASSERT_TRUE(open);
  EXPECT_EQ(EVP_PKEY_get_id(open.get()), EVP_PKEY_RSA_PSS);
  EXPECT_EQ(key.signatureAlgorithm(), PrivateKey(KeyType::rsa2048, 1, "x").signatureAlgorithm(SignatureScheme::pss));
  EXPECT_FALSE(canSign(KeyType::rsaPss2048, SignatureScheme::sha1));
}

TEST(LongRsaKeys, HaveAllTheirBitsAndSign) {
  for (const auto& [type, bits] : {std::pair{KeyType::rsa3072, 3072}, std::pair{KeyType::rsa4096, 4096}}) {
    const PrivateKey key(type, 1, "x");
    const Key pair = privateKey(key.pkcs8());
    const Key open = publicKey(key.publicInfo());
    ASSERT_TRUE(pair && open);
    EXPECT_EQ(EVP_PKEY_get_bits(open.get()), bits);
    EXPECT_TRUE(verifies(open.get(), type, "m", key.sign("m")));
    EXPECT_TRUE(verifies(open.get(), type, "m", key.sign("m", SignatureScheme::pss), SignatureScheme::pss));
  }
}

TEST(OtherSchemes, MakeWhatOpenSslVerifies) {
  for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::rsa2048}) {
    const PrivateKey key(type, 1, "x");
    const Key open = publicKey(key.publicInfo());
    for (const SignatureScheme scheme : {SignatureScheme::sha1, SignatureScheme::pss}) {
      if (!canSign(type, scheme)) {
        EXPECT_THROW(key.sign("m", scheme), std::logic_error);
        continue;
      }
      EXPECT_TRUE(verifies(open.get(), type, "m", key.sign("m", scheme), scheme));
      EXPECT_FALSE(verifies(open.get(), type, "n", key.sign("m", scheme), scheme));
      EXPECT_EQ(key.sign("m", scheme), key.sign("m", scheme));
      EXPECT_NE(key.signatureAlgorithm(scheme), key.signatureAlgorithm());
    }
  }
  EXPECT_FALSE(canSign(KeyType::p256, SignatureScheme::pss));
  EXPECT_FALSE(canSign(KeyType::ed25519, SignatureScheme::sha1));
  EXPECT_TRUE(canSign(KeyType::rsa2048, SignatureScheme::pss));
}

TEST(ClaimingKey, CarriesTheVictimsPublicHalfAndCannotSignForIt) {
  for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::rsa2048, KeyType::rsaPss2048}) {
    const PrivateKey victim(type, 1, "victim");
    const PrivateKey thief(type, 1, "thief");
    const Key claimed = privateKey(thief.pkcs8Claiming(victim));
    const Key open = publicKey(victim.publicInfo());
    ASSERT_TRUE(claimed && open);
    EXPECT_EQ(EVP_PKEY_eq(claimed.get(), open.get()), 1);
    EXPECT_FALSE(verifies(open.get(), type, "m", thief.sign("m")));
  }
  const PrivateKey p256(KeyType::p256, 1, "a"), ed25519(KeyType::ed25519, 1, "a");
  EXPECT_THROW(p256.pkcs8Claiming(PrivateKey(KeyType::p384, 1, "victim")), std::invalid_argument);
  EXPECT_THROW(ed25519.pkcs8Claiming(PrivateKey(KeyType::ed25519, 1, "b")), std::invalid_argument);
}

}  // namespace
}  // namespace relayproof::certs
