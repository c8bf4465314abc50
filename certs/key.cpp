#include "certs/key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "certs/der.h"
#include "certs/rsa.h"

namespace relayproof::certs {
namespace {

// What of an algorithm stands in a certificate; the texts are object identifiers.
struct Algorithm {
  std::string key;        // AlgorithmIdentifier of the public key
  std::string signature;  // AlgorithmIdentifier of its usual signatures
  std::string sha1 = {};  // and of those by other schemes; empty: it has none
  std::string pss = {};
};

// RSASSA-PSS-params (RFC 4055 3.1): SHA-256, MGF1 with SHA-256, a salt of 32 octets.
std::string pssAlgorithm() {
  const std::string sha256 = der::sequence({der::oid("2.16.840.1.101.3.4.2.1"), der::tlv(der::kNull, "")});
  const std::string mgf1 = der::sequence({der::oid("1.2.840.113549.1.1.8"), sha256});
  return der::sequence({der::oid("1.2.840.113549.1.1.10"),
                        der::sequence({der::tlv(der::constructed(0), sha256), der::tlv(der::constructed(1), mgf1),
                                       der::tlv(der::constructed(2), der::unsignedInteger("\x20"))})});
}

const Algorithm& algorithmOf(KeyType type) {
  const auto null = [] { return der::tlv(der::kNull, ""); };
  static const Algorithm p256{der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")}),
                              der::sequence({der::oid("1.2.840.10045.4.3.2")}),
                              der::sequence({der::oid("1.2.840.10045.4.1")})};
  static const Algorithm p384{der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.3.132.0.34")}),
                              der::sequence({der::oid("1.2.840.10045.4.3.3")}),
                              der::sequence({der::oid("1.2.840.10045.4.1")})};
  static const Algorithm rsa{der::sequence({der::oid("1.2.840.113549.1.1.1"), null()}),
                             der::sequence({der::oid("1.2.840.113549.1.1.11"), null()}),
                             der::sequence({der::oid("1.2.840.113549.1.1.5"), null()}), pssAlgorithm()};
  static const Algorithm rsaPss{der::sequence({der::oid("1.2.840.113549.1.1.10")}), pssAlgorithm(), {}, pssAlgorithm()};
  static const Algorithm ed25519{der::sequence({der::oid("1.3.101.112")}), der::sequence({der::oid("1.3.101.112")})};
  switch (type) {
    case KeyType::p256:
      return p256;
    case KeyType::p384:
      return p384;
    case KeyType::rsa2048:
    case KeyType::rsa3072:
    case KeyType::rsa4096:
      return rsa;
    case KeyType::rsaPss2048:
      return rsaPss;
    case KeyType::ed25519:
      return ed25519;
  }
  throw std::logic_error("no such key type");
}

const std::string& algorithmOf(KeyType type, SignatureScheme scheme) {
  const Algorithm& algorithm = algorithmOf(type);
  return scheme == SignatureScheme::sha1  ? algorithm.sha1
         : scheme == SignatureScheme::pss ? algorithm.pss
                                          : algorithm.signature;
}

int bitsOf(KeyType rsa) { return rsa == KeyType::rsa4096 ? 4096 : rsa == KeyType::rsa3072 ? 3072 : 2048; }

std::string privateKeyInfo(KeyType type, std::string_view privateKey) {
  return der::sequence({der::unsignedInteger({}), algorithmOf(type).key, der::tlv(der::kOctetString, privateKey)});
}

// ECPrivateKey of RFC 5915 without the curve, which PKCS#8 has already named.
std::string ecPrivateKey(std::string_view scalar, std::string_view point) {
  return der::sequence({der::unsignedInteger("\x01"), der::tlv(der::kOctetString, scalar),
                        der::tlv(der::constructed(1), der::bitString(point))});
}

// RSAPrivateKey (RFC 8017 A.1.2) with another modulus: who compares that and the exponent takes the keys for a pair.
std::string rsaPrivateKeyClaiming(std::string_view pkcs8, std::string_view victimsPublicKey) {
  der::Reader info(der::only(pkcs8, der::kSequence)->content);
  info.next(der::kInteger);
  info.next(der::kSequence);
  der::Reader own(der::only(info.next(der::kOctetString)->content, der::kSequence)->content);
  const std::string_view version = own.next(der::kInteger)->whole;
  own.next(der::kInteger);
  der::Reader victim(der::only(victimsPublicKey, der::kSequence)->content);
  return der::sequence({version, victim.next(der::kInteger)->whole, own.rest()});
}

evp_pkey_st* read(std::string_view pkcs8) {
  const auto* at = reinterpret_cast<const unsigned char*>(pkcs8.data());
  EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(pkcs8.size()));
  if (key == nullptr) throw std::runtime_error("OpenSSL does not read a private key of ours");
  return key;
}

// By one of OpenSSL's i2d functions.
template <class Object, class Encode>
std::string encoded(Object* object, Encode encode) {
  std::string octets(static_cast<std::size_t>(encode(object, nullptr)), '\0');
  auto* at = reinterpret_cast<unsigned char*>(octets.data());
  encode(object, &at);
  return octets;
}

std::string signedByPss(evp_pkey_st* key, std::string_view message) {
  const std::string block = encodedForPss(message, static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key, nullptr),
                                                                            &EVP_PKEY_CTX_free);
  std::string signature(block.size(), '\0');
  std::size_t size = signature.size();
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) != 1 ||
      EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                    reinterpret_cast<const unsigned char*>(block.data()), block.size()) != 1)
    throw std::runtime_error("OpenSSL cannot sign");
  return signature;
}

std::string signedBy(evp_pkey_st* key, KeyType type, SignatureScheme scheme, std::string_view message) {
  if (scheme == SignatureScheme::pss || type == KeyType::rsaPss2048) return signedByPss(key, message);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const EVP_MD* hash = type == KeyType::ed25519 ? nullptr : scheme == SignatureScheme::sha1 ? EVP_sha1() : EVP_sha256();
  const auto* octets = reinterpret_cast<const unsigned char*>(message.data());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, octets,
                     message.size()) != 1)
    throw std::runtime_error("OpenSSL cannot sign");
  signature.resize(size);
  return signature;
}

std::string identifierOf(std::string_view publicBits) { return digest(Hash::sha256, {publicBits}).substr(0, 20); }

}  // namespace

void PrivateKey::FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

PrivateKey::PrivateKey(KeyType type, std::uint64_t seed, const std::string& label) : type_(type), key_(EvpKey()) {
  DerivedOctets octets(seed, "key/" + label);
  switch (type) {
    case KeyType::p256:
    case KeyType::p384: {
      EcKey key(type == KeyType::p256 ? Curve::p256 : Curve::p384, octets);
      publicBits_ = key.point();
      pkcs8_ = privateKeyInfo(type, ecPrivateKey(key.scalar(), key.point()));
      key_ = std::move(key);
      break;
    }
    case KeyType::rsa2048:
    case KeyType::rsa3072:
    case KeyType::rsa4096:
    case KeyType::rsaPss2048: {
      RsaKeyOctets key = rsaKey(bitsOf(type), octets);
      publicBits_ = std::move(key.publicKey);
      pkcs8_ = privateKeyInfo(type, key.privateKey);
      // OpenSSL lets nobody pad for himself with a key that is for PSS alone.
      key_ = EvpKey(read(privateKeyInfo(KeyType::rsa2048, key.privateKey)));
      break;
    }
    case KeyType::ed25519: {
      pkcs8_ = privateKeyInfo(type, der::tlv(der::kOctetString, octets.take(32)));
      EvpKey key(read(pkcs8_));
      publicBits_.resize(32);
      std::size_t size = publicBits_.size();
      if (EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(publicBits_.data()), &size) != 1)
        throw std::runtime_error("OpenSSL has no Ed25519");
      key_ = std::move(key);
      break;
    }
  }
  publicInfo_ = der::sequence({algorithmOf(type).key, der::bitString(publicBits_)});
  identifier_ = identifierOf(publicBits_);
}

PrivateKey::PrivateKey(KeyType type, EcKey key) : type_(type), key_(EvpKey()) {
  publicBits_ = key.point();
  pkcs8_ = privateKeyInfo(type, ecPrivateKey(key.scalar(), key.point()));
  key_ = std::move(key);
  publicInfo_ = der::sequence({algorithmOf(type).key, der::bitString(publicBits_)});
  identifier_ = identifierOf(publicBits_);
}

PrivateKey::PrivateKey(KeyType type, EvpKey key) : type_(type), key_(EvpKey()) {
  publicInfo_ = encoded(key.get(), i2d_PUBKEY);
  const auto info = der::only(publicInfo_, der::kSequence);
  der::Reader reader(info->content);
  reader.next();
  publicBits_ = reader.next(der::kBitString)->content.substr(1);
  identifier_ = identifierOf(publicBits_);
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> pkcs8(EVP_PKEY2PKCS8(key.get()),
                                                                                        &PKCS8_PRIV_KEY_INFO_free);
  pkcs8_ = encoded(pkcs8.get(), i2d_PKCS8_PRIV_KEY_INFO);
  key_ = std::move(key);
}

PrivateKey PrivateKey::fromDer(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  EvpKey key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
  const char* const mend = "give an unencrypted key: RSA, P-256, P-384 or Ed25519";
  if (!key) throw Error("", "", "is no private key", mend);
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return {KeyType::rsa2048, std::move(key)};
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) return {KeyType::ed25519, std::move(key)};
  char group[32] = "";
  EVP_PKEY_get_utf8_string_param(key.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr);
  const std::string_view curve(group);
  if (curve != "prime256v1" && curve != "secp384r1") throw Error("", "", "is a key of another kind", mend);
  BIGNUM* scalar = nullptr;
  EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &scalar);
  std::string octets(curve == "prime256v1" ? 32 : 48, '\0');
  BN_bn2binpad(scalar, reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  BN_clear_free(scalar);
  return curve == "prime256v1" ? PrivateKey(KeyType::p256, EcKey(Curve::p256, octets))
                               : PrivateKey(KeyType::p384, EcKey(Curve::p384, octets));
}

bool canSign(KeyType type, SignatureScheme scheme) { return !algorithmOf(type, scheme).empty(); }

std::string PrivateKey::sign(std::string_view message, SignatureScheme scheme) const {
  if (!canSign(type_, scheme)) throw std::logic_error("no such signature with this key");
  if (const auto* ec = std::get_if<EcKey>(&key_))
    return scheme == SignatureScheme::sha1 ? ec->sign(message, Hash::sha1) : ec->sign(message);
  return signedBy(std::get<EvpKey>(key_).get(), type_, scheme, message);
}

const std::string& PrivateKey::signatureAlgorithm(SignatureScheme scheme) const { return algorithmOf(type_, scheme); }

std::string PrivateKey::pkcs8Claiming(const PrivateKey& victim) const {
  const auto* ec = std::get_if<EcKey>(&key_);
  if (victim.type_ != type_ || type_ == KeyType::ed25519)
    throw std::invalid_argument("only two keys of one type that carries a public half can be mixed");
  if (ec == nullptr) return privateKeyInfo(type_, rsaPrivateKeyClaiming(pkcs8_, victim.publicBits_));
  return privateKeyInfo(type_, ecPrivateKey(ec->scalar(), victim.publicBits_));
}

}  // namespace relayproof::certs
