#include "conformance/session/proof.h"

#include <openssl/ec.h>

#include <string>

// OpenSSL's client signs by itself; that a key can sign otherwise is left of the engines, and so called deprecated. A
// provider of our own would take ten times the code.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace relayproof::session {
namespace {

using Sign = int (*)(int type, const unsigned char* digest, int size, unsigned char* signature, unsigned int* length,
                     const BIGNUM* kinv, const BIGNUM* r, EC_KEY* key);

Sign rightSign() {
  Sign sign = nullptr;
  EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), &sign, nullptr, nullptr);
  return sign;
}

int signOtherTranscript(int type, const unsigned char* digest, int size, unsigned char* signature, unsigned int* length,
                        const BIGNUM* kinv, const BIGNUM* r, EC_KEY* key) {
  std::string other(reinterpret_cast<const char*>(digest), static_cast<std::size_t>(size));
  other.front() = static_cast<char>(other.front() ^ 1);
  return rightSign()(type, reinterpret_cast<const unsigned char*>(other.data()), size, signature, length, kinv, r, key);
}

int signNothing(int, const unsigned char*, int, unsigned char*, unsigned int* length, const BIGNUM*, const BIGNUM*,
                EC_KEY*) {
  *length = 0;
  return 1;
}

const EC_KEY_METHOD* methodOf(Sign sign) {
  EC_KEY_METHOD* method = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
  int (*prepare)(EC_KEY*, BN_CTX*, BIGNUM**, BIGNUM**) = nullptr;
  ECDSA_SIG* (*signRaw)(const unsigned char*, int, const BIGNUM*, const BIGNUM*, EC_KEY*) = nullptr;
  EC_KEY_METHOD_get_sign(method, nullptr, &prepare, &signRaw);
  EC_KEY_METHOD_set_sign(method, sign, prepare, signRaw);
  return method;
}

const EC_KEY_METHOD* methodOf(Identity::Proof proof) {
  static const EC_KEY_METHOD* const kOtherTranscript = methodOf(signOtherTranscript);
  static const EC_KEY_METHOD* const kEmpty = methodOf(signNothing);
  return proof == Identity::Proof::otherTranscript ? kOtherTranscript : kEmpty;
}

}  // namespace

EVP_PKEY* keyThatProves(EVP_PKEY* key, Identity::Proof proof) {
  if (proof == Identity::Proof::right) return nullptr;
  EC_KEY* curve = EVP_PKEY_get1_EC_KEY(key);
  if (curve == nullptr) return nullptr;
  EVP_PKEY* wrong = EVP_PKEY_new();
  EC_KEY_set_method(curve, methodOf(proof));
  EVP_PKEY_assign_EC_KEY(wrong, curve);
  return wrong;
}

}  // namespace relayproof::session

#pragma GCC diagnostic pop
