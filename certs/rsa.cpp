#include "certs/rsa.h"

#include <openssl/bn.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "certs/der.h"

namespace relayproof::certs {
namespace {

constexpr int kPrimeOctets = 128;
constexpr BN_ULONG kPublicExponent = 65537;

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
using Context = std::unique_ptr<BN_CTX, FreeNumber>;

void checkArithmetic(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL's arithmetic failed");
}

Number zero() {
  Number number(BN_new());
  checkArithmetic(number != nullptr);
  return number;
}

// The first prime at or above a number with its two highest bits set, so that the product of two has 2048 bits. The
// primality test draws random bases, but its answer is one and the same for all practical purposes.
Number prime(DerivedOctets& octets, BN_CTX* context) {
  std::string start = octets.take(kPrimeOctets);
  start.front() = static_cast<char>(static_cast<unsigned char>(start.front()) | 0xC0U);
  start.back() = static_cast<char>(static_cast<unsigned char>(start.back()) | 0x01U);
  Number candidate(BN_bin2bn(reinterpret_cast<const unsigned char*>(start.data()), kPrimeOctets, nullptr));
  checkArithmetic(candidate != nullptr);
  while (true) {
    const int verdict = BN_check_prime(candidate.get(), context, nullptr);
    checkArithmetic(verdict >= 0);
    if (verdict == 1 && BN_mod_word(candidate.get(), kPublicExponent) != 1) return candidate;
    checkArithmetic(BN_add_word(candidate.get(), 2) == 1);
  }
}

std::string integer(const BIGNUM* number) {
  std::string octets(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(octets.data()));
  return der::unsignedInteger(octets);
}

}  // namespace

RsaKeyOctets rsa2048(DerivedOctets& octets) {
  const Context context(BN_CTX_new());
  checkArithmetic(context != nullptr);
  Number p = prime(octets, context.get());
  Number q = prime(octets, context.get());
  if (BN_cmp(p.get(), q.get()) < 0) std::swap(p, q);

  const Number n = zero();
  const Number e = zero();
  const Number pLess1 = zero();
  const Number qLess1 = zero();
  const Number phi = zero();
  const Number d = zero();
  const Number dModP = zero();
  const Number dModQ = zero();
  const Number qInverse = zero();
  checkArithmetic(BN_mul(n.get(), p.get(), q.get(), context.get()) == 1 && BN_set_word(e.get(), kPublicExponent) == 1 &&
                  BN_sub(pLess1.get(), p.get(), BN_value_one()) == 1 &&
                  BN_sub(qLess1.get(), q.get(), BN_value_one()) == 1 &&
                  BN_mul(phi.get(), pLess1.get(), qLess1.get(), context.get()) == 1 &&
                  BN_mod_inverse(d.get(), e.get(), phi.get(), context.get()) != nullptr &&
                  BN_nnmod(dModP.get(), d.get(), pLess1.get(), context.get()) == 1 &&
                  BN_nnmod(dModQ.get(), d.get(), qLess1.get(), context.get()) == 1 &&
                  BN_mod_inverse(qInverse.get(), q.get(), p.get(), context.get()) != nullptr);

  RsaKeyOctets key;
  key.publicKey = der::sequence({integer(n.get()), integer(e.get())});
  key.privateKey =
      der::sequence({der::unsignedInteger({}), integer(n.get()), integer(e.get()), integer(d.get()), integer(p.get()),
                     integer(q.get()), integer(dModP.get()), integer(dModQ.get()), integer(qInverse.get())});
  return key;
}

}  // namespace relayproof::certs
