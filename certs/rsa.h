// RSA keys with primes of our own choice, since OpenSSL's generator takes no seed, and PSS with a salt of our own.
#pragma once

#include <string>
#include <string_view>

#include "certs/digest.h"

namespace relayproof::certs {

struct RsaKeyOctets {
  std::string publicKey;   ///< RSAPublicKey, DER (RFC 8017 A.1.1)
  std::string privateKey;  ///< RSAPrivateKey, DER (RFC 8017 A.1.2)
};

/// The key of `bits`, a multiple of 16, whose primes are the first two that `octets` leads to; the public exponent is
/// 65537.
RsaKeyOctets rsaKey(int bits, DerivedOctets& octets);

/// EMSA-PSS (RFC 8017 9.1.1) with SHA-256 for a modulus of `size` whole octets. Its salt of 32 octets is derived from
/// the message.
std::string encodedForPss(std::string_view message, std::size_t size);

}  // namespace relayproof::certs
