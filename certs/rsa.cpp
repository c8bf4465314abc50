#include "certs/rsa.h"

#include <openssl/bn.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "certs/der.h"

namespace relayproof::certs {
namespace {

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

// The first prime at or above a number with its two highest bits set, so that the product of two has all its bits. The
// primality test draws random bases, but its answer is one and the same for all practical purposes.
Number prime(int size, DerivedOctets& octets, BN_CTX* context) {
  std::string start = octets.take(static_cast<std::size_t>(size));
  start.front() = static_cast<char>(static_cast<unsigned char>(start.front()) | 0xC0U);
  start.back() = static_cast<char>(static_cast<unsigned char>(start.back()) | 0x01U);
  Number candidate(BN_bin2bn(reinterpret_cast<const unsigned char*>(start.data()), size, nullptr));
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

RsaKeyOctets rsaKey(int bits, DerivedOctets& octets) {
  const Context context(BN_CTX_new());
  checkArithmetic(context != nullptr);
  Number p = prime(bits / 16, octets, context.get());
  Number q = prime(bits / 16, octets, context.get());
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

std::string encodedForPss(std::string_view message, std::size_t size) {
  constexpr std::string_view zeros("\0\0\0\0\0\0\0\0", 8);
  const std::string hashed = digest(Hash::sha256, {message});
  const std::string salt = digest(Hash::sha256, {"PSS salt", hashed});
  const std::string hash = digest(Hash::sha256, {zeros, hashed, salt});
  std::string block = std::string(size - salt.size() - hash.size() - 2, '\0') + '\x01' + salt;
  for (std::size_t at = 0; at < block.size(); at += hash.size()) {
    const std::string counter{'\0', '\0', '\0', static_cast<char>(at / hash.size())};
    const std::string mask = digest(Hash::sha256, {hash, counter});
    for (std::size_t i = at; i < std::min(block.size(), at + mask.size()); ++i)
      block[i] = static_cast<char>(block[i] ^ mask[i - at]);
  }
  block.front() = static_cast<char>(block.front() & 0x7F);  // one bit less than the modulus
  return block + hash + '\xbc';
}

}  // namespace relayproof::certs
