// ECDSA with the nonce of RFC 6979: the same key and message give the same signature under every OpenSSL, which its own
// signing does not promise before 3.2. For test keys only: nothing here runs in constant time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "certs/digest.h"

struct bignum_st;

namespace relayproof::certs {

/// P-256 signs with SHA-256, P-384 with SHA-384.
enum class Curve { p256, p384 };

class EcKey {
 public:
  /// The first scalar in range that `octets` yields.
  EcKey(Curve curve, DerivedOctets& octets);
  /// From a big-endian scalar between 1 and the order less 1; throws std::invalid_argument.
  EcKey(Curve curve, std::string_view scalar);
  ~EcKey();
  EcKey(EcKey&&) noexcept;
  EcKey& operator=(EcKey&&) noexcept;

  Curve curve() const { return curve_; }
  /// Big-endian, as long as the field.
  const std::string& scalar() const { return scalar_; }
  /// Uncompressed: 0x04, x, y.
  const std::string& point() const { return point_; }
  /// Ecdsa-Sig-Value (RFC 3279), DER.
  std::string sign(std::string_view message) const;
  /// The same with another hash over the message, no longer than the curve's; the nonce is still made by the latter.
  std::string sign(std::string_view message, Hash hash) const;

 private:
  struct FreeNumber {
    void operator()(bignum_st* number) const;
  };

  Curve curve_;
  std::string scalar_;
  std::string point_;
  std::unique_ptr<bignum_st, FreeNumber> number_;
};

}  // namespace relayproof::certs
