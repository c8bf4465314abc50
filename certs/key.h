// Private keys that are a function of seed and label alone, and what of them goes into certificates and key files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "certs/document.h"
#include "certs/ecdsa.h"

struct evp_pkey_st;

namespace relayproof::certs {

/// rsaPss2048: an RSA key that says it signs by PSS alone (RFC 4055 1.2, id-RSASSA-PSS without parameters).
enum class KeyType { p256, p384, rsa2048, ed25519, rsa3072, rsa4096, rsaPss2048 };
inline bool isRsa(KeyType type) {
  return type == KeyType::rsa2048 || type == KeyType::rsa3072 || type == KeyType::rsa4096 ||
         type == KeyType::rsaPss2048;
}

/// usual: ECDSA with the curve's hash, RSA PKCS#1 v1.5 with SHA-256 (PSS where the key is for that), or Ed25519. sha1:
/// ECDSA or PKCS#1 v1.5 with SHA-1. pss: RSASSA-PSS with SHA-256.
enum class SignatureScheme { usual, sha1, pss };
/// Ed25519 has its one scheme, and PSS needs RSA.
bool canSign(KeyType type, SignatureScheme scheme);

/// Making a P-256 key takes some tens of microseconds, an RSA-2048 key some tens of milliseconds, a longer one up to a
/// second.
class PrivateKey {
 public:
  PrivateKey(KeyType type, std::uint64_t seed, const std::string& label);
  /// Somebody's own key, PKCS#8 or another DER form that OpenSSL reads; RSA of any size counts as rsa2048. Throws Error
  /// for a key that is none of those types.
  static PrivateKey fromDer(std::string_view der);

  KeyType type() const { return type_; }
  /// std::logic_error where the key cannot sign so.
  std::string sign(std::string_view message, SignatureScheme scheme = SignatureScheme::usual) const;
  /// The AlgorithmIdentifier of those signatures, DER.
  const std::string& signatureAlgorithm(SignatureScheme scheme = SignatureScheme::usual) const;
  /// SubjectPublicKeyInfo, DER.
  const std::string& publicInfo() const { return publicInfo_; }
  /// Key identifier by RFC 7093, method 1: 20 octets of the SHA-256 of the public key's bits.
  const std::string& identifier() const { return identifier_; }
  /// PKCS#8 (RFC 5208), DER.
  const std::string& pkcs8() const { return pkcs8_; }
  /// PKCS#8 of this key's secret beside the public point or modulus of `victim`: what somebody holds who has the
  /// certificate of another and not its key. Both of one type and not Ed25519; std::invalid_argument otherwise.
  std::string pkcs8Claiming(const PrivateKey& victim) const;

 private:
  struct FreeKey {
    void operator()(evp_pkey_st* key) const;
  };
  using EvpKey = std::unique_ptr<evp_pkey_st, FreeKey>;

  PrivateKey(KeyType type, EcKey key);
  PrivateKey(KeyType type, EvpKey key);

  KeyType type_;
  std::variant<EcKey, EvpKey> key_;
  std::string publicBits_;
  std::string publicInfo_;
  std::string identifier_;
  std::string pkcs8_;
};

}  // namespace relayproof::certs
