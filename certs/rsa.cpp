#include "certs/rsa.h"

#include <openssl/bn.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

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

// The odd primes below 2^13: of ten odd numbers, they rule out eight before an exponentiation is spent on one.
std::vector<BN_ULONG> smallPrimes() {
  constexpr std::size_t kBound = 8192;
  std::vector<bool> composite(kBound);
  std::vector<BN_ULONG> primes;
  for (std::size_t number = 3; number < kBound; number += 2) {
    if (composite[number]) continue;
    primes.push_back(number);
    for (std::size_t multiple = number * number; multiple < kBound; multiple += number) composite[multiple] = true;
  }
  return primes;
}

// Miller-Rabin to the first eight primes as bases. BN_check_prime takes 64 random ones, since somebody may have chosen
// the number; ours come from a digest, where a composite passes one base with a chance below 2^-80 already.
bool isPrime(const BIGNUM* odd, BN_CTX* context) {
  const Number less1(BN_dup(odd));
  const Number exponent = zero();
  const Number power = zero();
  checkArithmetic(less1 && BN_sub_word(less1.get(), 1) == 1);
  int halvings = 0;
  while (BN_is_bit_set(less1.get(), halvings) == 0) ++halvings;
  checkArithmetic(BN_rshift(exponent.get(), less1.get(), halvings) == 1);
  const auto passes = [&](BN_ULONG base) {
    checkArithmetic(BN_set_word(power.get(), base) == 1 &&
                    BN_mod_exp(power.get(), power.get(), exponent.get(), odd, context) == 1);
    if (BN_is_one(power.get())) return true;
    for (int squared = 0; BN_cmp(power.get(), less1.get()) != 0; ++squared) {
      if (squared + 1 == halvings) return false;
      checkArithmetic(BN_mod_sqr(power.get(), power.get(), odd, context) == 1);
    }
    return true;
  };
  constexpr BN_ULONG kBases[] = {2, 3, 5, 7, 11, 13, 17, 19};
  return std::all_of(std::begin(kBases), std::end(kBases), passes);
}

// The first prime at or above a number with its two highest bits set, so that the product of two has all its bits.
Number prime(int size, DerivedOctets& octets, BN_CTX* context) {
  static const std::vector<BN_ULONG> kSmallPrimes = smallPrimes();
  std::string start = octets.take(static_cast<std::size_t>(size));
  start.front() = static_cast<char>(static_cast<unsigned char>(start.front()) | 0xC0U);
  start.back() = static_cast<char>(static_cast<unsigned char>(start.back()) | 0x01U);
  Number candidate(BN_bin2bn(reinterpret_cast<const unsigned char*>(start.data()), size, nullptr));
  checkArithmetic(candidate != nullptr);
  std::vector<BN_ULONG> remainders;
  for (const BN_ULONG divisor : kSmallPrimes) remainders.push_back(BN_mod_word(candidate.get(), divisor));
  while (true) {
    const bool divisible = std::find(remainders.begin(), remainders.end(), 0) != remainders.end();
    if (!divisible && isPrime(candidate.get(), context) && BN_mod_word(candidate.get(), kPublicExponent) != 1)
      return candidate;
    checkArithmetic(BN_add_word(candidate.get(), 2) == 1);
    for (std::size_t i = 0; i < remainders.size(); ++i) remainders[i] = (remainders[i] + 2) % kSmallPrimes[i];
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
