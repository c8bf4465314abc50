#include "certs/ecdsa.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <new>
#include <stdexcept>

#include "certs/der.h"

namespace relayproof::certs {
namespace {

const unsigned char* octetsOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octetsOf(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void checkCurve(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL's elliptic curve arithmetic failed");
}

// What one thread keeps of a curve, so that a signature allocates next to nothing.
struct Arithmetic {
  EC_GROUP* group;
  BN_CTX* context;
  EC_POINT* point;
  const BIGNUM* order;
  std::size_t size;
  Hash hash;

  Arithmetic(int nid, std::size_t octets, Hash with)
      : group(EC_GROUP_new_by_curve_name(nid)), context(BN_CTX_new()), size(octets), hash(with) {
    checkCurve(group != nullptr && context != nullptr);
    point = EC_POINT_new(group);
    checkCurve(point != nullptr);
    order = EC_GROUP_get0_order(group);
  }
  Arithmetic(const Arithmetic&) = delete;
  Arithmetic& operator=(const Arithmetic&) = delete;
  ~Arithmetic() {
    EC_POINT_free(point);
    BN_CTX_free(context);
    EC_GROUP_free(group);
  }

  std::string octets(const BIGNUM* number) const {
    std::string out(size, '\0');
    checkCurve(BN_bn2binpad(number, octetsOf(out), static_cast<int>(size)) == static_cast<int>(size));
    return out;
  }
};

Arithmetic& arithmetic(Curve curve) {
  thread_local Arithmetic p256(NID_X9_62_prime256v1, 32, Hash::sha256);
  thread_local Arithmetic p384(NID_secp384r1, 48, Hash::sha384);
  return curve == Curve::p256 ? p256 : p384;
}

// The nonces of RFC 6979 3.2, one after the other. The hash is as long as the order on both curves, so bits2octets is
// one subtraction at most and no bit is dropped.
class Nonces {
 public:
  Nonces(const Arithmetic& curve, std::string_view scalar, std::string_view reducedHash)
      : hash_(curve.hash), key_(curve.size, '\0'), value_(curve.size, '\x01') {
    stir(std::string_view("\x00", 1), scalar, reducedHash);
    stir(std::string_view("\x01", 1), scalar, reducedHash);
  }

  const std::string& next() {
    if (used_) stir(std::string_view("\x00", 1), {}, {});
    used_ = true;
    value_ = hmac(hash_, key_, {value_});
    return value_;
  }

 private:
  void stir(std::string_view separator, std::string_view scalar, std::string_view reducedHash) {
    key_ = hmac(hash_, key_, {value_, separator, scalar, reducedHash});
    value_ = hmac(hash_, key_, {value_});
  }

  Hash hash_;
  std::string key_;
  std::string value_;
  bool used_ = false;
};

class Frame {
 public:
  explicit Frame(BN_CTX* context) : context_(context) { BN_CTX_start(context_); }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  ~Frame() { BN_CTX_end(context_); }
  BIGNUM* number() {
    BIGNUM* fresh = BN_CTX_get(context_);
    checkCurve(fresh != nullptr);
    return fresh;
  }

 private:
  BN_CTX* context_;
};

bool inRange(const BIGNUM* number, const BIGNUM* order) { return !BN_is_zero(number) && BN_cmp(number, order) < 0; }

std::string firstScalar(Curve curve, DerivedOctets& octets) {
  const Arithmetic& on = arithmetic(curve);
  Frame frame(on.context);
  BIGNUM* number = frame.number();
  while (true) {
    std::string scalar = octets.take(on.size);
    checkCurve(BN_bin2bn(octetsOf(std::string_view(scalar)), static_cast<int>(on.size), number) != nullptr);
    if (inRange(number, on.order)) return scalar;
  }
}

}  // namespace

void EcKey::FreeNumber::operator()(bignum_st* number) const { BN_free(number); }
EcKey::~EcKey() = default;
EcKey::EcKey(EcKey&&) noexcept = default;
EcKey& EcKey::operator=(EcKey&&) noexcept = default;

EcKey::EcKey(Curve curve, DerivedOctets& octets) : EcKey(curve, firstScalar(curve, octets)) {}

EcKey::EcKey(Curve curve, std::string_view scalar) : curve_(curve) {
  const Arithmetic& on = arithmetic(curve);
  number_.reset(BN_bin2bn(octetsOf(scalar), static_cast<int>(scalar.size()), nullptr));
  checkCurve(number_ != nullptr);
  if (!inRange(number_.get(), on.order)) throw std::invalid_argument("a scalar outside the order of the curve");
  scalar_ = on.octets(number_.get());
  checkCurve(EC_POINT_mul(on.group, on.point, number_.get(), nullptr, nullptr, on.context) == 1);
  point_.resize(1 + 2 * on.size);
  checkCurve(EC_POINT_point2oct(on.group, on.point, POINT_CONVERSION_UNCOMPRESSED, octetsOf(point_), point_.size(),
                                on.context) == point_.size());
}

std::string EcKey::sign(std::string_view message) const { return sign(message, arithmetic(curve_).hash); }

std::string EcKey::sign(std::string_view message, Hash with) const {
  const Arithmetic& on = arithmetic(curve_);
  Frame frame(on.context);
  BIGNUM* hash = frame.number();
  BIGNUM* k = frame.number();
  BIGNUM* r = frame.number();
  BIGNUM* s = frame.number();

  const std::string hashed = digest(with, {message});
  checkCurve(BN_bin2bn(octetsOf(std::string_view(hashed)), static_cast<int>(hashed.size()), hash) != nullptr);
  if (BN_cmp(hash, on.order) >= 0) checkCurve(BN_sub(hash, hash, on.order) == 1);

  Nonces nonces(on, scalar_, on.octets(hash));
  while (true) {
    const std::string& nonce = nonces.next();
    checkCurve(BN_bin2bn(octetsOf(std::string_view(nonce)), static_cast<int>(nonce.size()), k) != nullptr);
    if (!inRange(k, on.order)) continue;
    checkCurve(EC_POINT_mul(on.group, on.point, k, nullptr, nullptr, on.context) == 1 &&
               EC_POINT_get_affine_coordinates(on.group, on.point, r, nullptr, on.context) == 1 &&
               BN_nnmod(r, r, on.order, on.context) == 1);
    if (BN_is_zero(r)) continue;
    checkCurve(BN_mod_mul(s, r, number_.get(), on.order, on.context) == 1 &&
               BN_mod_add_quick(s, s, hash, on.order) == 1 && BN_mod_inverse(k, k, on.order, on.context) != nullptr &&
               BN_mod_mul(s, s, k, on.order, on.context) == 1);
    if (BN_is_zero(s)) continue;
    return der::sequence({der::unsignedInteger(on.octets(r)), der::unsignedInteger(on.octets(s))});
  }
}

}  // namespace relayproof::certs
