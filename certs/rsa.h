// RSA-2048 keys with primes of our own choice, since OpenSSL's generator takes no seed.
#pragma once

#include <string>

#include "certs/digest.h"

namespace relayproof::certs {

struct RsaKeyOctets {
  std::string publicKey;   ///< RSAPublicKey, DER (RFC 8017 A.1.1)
  std::string privateKey;  ///< RSAPrivateKey, DER (RFC 8017 A.1.2)
};

/// The key whose primes are the first two that `octets` leads to; the public exponent is 65537.
RsaKeyOctets rsa2048(DerivedOctets& octets);

}  // namespace relayproof::certs
