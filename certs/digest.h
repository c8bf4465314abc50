// Hashes, and the one source of octets that everything minted is derived from: no randomness anywhere in certs/.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace relayproof::certs {

enum class Hash { sha1, sha256, sha384 };

std::string digest(Hash hash, std::initializer_list<std::string_view> parts);
/// HMAC (RFC 2104) over the parts, end to end. `key` is at most one block of the hash long.
std::string hmac(Hash hash, std::string_view key, std::initializer_list<std::string_view> parts);

/// Lower-case hexadecimal digits.
std::string hex(std::string_view octets);

/// An endless run of octets that is a function of seed and label alone: HMAC-SHA256 in counter mode.
class DerivedOctets {
 public:
  DerivedOctets(std::uint64_t seed, std::string label);
  std::string take(std::size_t count);

 private:
  std::string key_;
  std::string label_;
  std::uint32_t counter_ = 0;
  std::string left_;
};

}  // namespace relayproof::certs
