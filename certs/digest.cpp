#include "certs/digest.h"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace relayproof::certs {
namespace {

struct FreeMd {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetching an algorithm and making a context cost more than a short hash; a thread does both once.
class Hasher {
 public:
  Hasher(const char* name, std::size_t block, std::size_t size)
      : block_(block), size_(size), md_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
    if (!md_ || !context_ || EVP_DigestInit_ex(context_.get(), md_.get(), nullptr) != 1)
      throw std::runtime_error("OpenSSL lacks a hash");
  }

  std::string operator()(std::initializer_list<std::string_view> head, std::initializer_list<std::string_view> parts) {
    std::string out(size_, '\0');
    EVP_DigestInit_ex(context_.get(), nullptr, nullptr);
    for (const auto& list : {head, parts})
      for (const std::string_view part : list) EVP_DigestUpdate(context_.get(), part.data(), part.size());
    if (EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr) != 1)
      throw std::runtime_error("OpenSSL cannot hash");
    return out;
  }

  std::size_t block() const { return block_; }

 private:
  std::size_t block_;
  std::size_t size_;
  std::unique_ptr<EVP_MD, FreeMd> md_;
  std::unique_ptr<EVP_MD_CTX, FreeMd> context_;
};

Hasher& hasher(Hash hash) {
  thread_local Hasher sha1("SHA1", 64, 20);
  thread_local Hasher sha256("SHA256", 64, 32);
  thread_local Hasher sha384("SHA384", 128, 48);
  return hash == Hash::sha256 ? sha256 : hash == Hash::sha384 ? sha384 : sha1;
}

}  // namespace

std::string digest(Hash hash, std::initializer_list<std::string_view> parts) { return hasher(hash)({}, parts); }

std::string hmac(Hash hash, std::string_view key, std::initializer_list<std::string_view> parts) {
  Hasher& hashed = hasher(hash);
  if (key.size() > hashed.block()) throw std::logic_error("an HMAC key longer than a block");
  std::array<char, 128> inner;
  std::array<char, 128> outer;
  inner.fill(0x36);
  outer.fill(0x5C);
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const std::string within = hashed({std::string_view(inner.data(), hashed.block())}, parts);
  return hashed({std::string_view(outer.data(), hashed.block())}, {within});
}

std::string hex(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * octets.size());
  for (const char c : octets) {
    text.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    text.push_back(digits[static_cast<unsigned char>(c) & 0x0F]);
  }
  return text;
}

DerivedOctets::DerivedOctets(std::uint64_t seed, std::string label) : key_("relayproof"), label_(std::move(label)) {
  for (int shift = 56; shift >= 0; shift -= 8) key_.push_back(static_cast<char>((seed >> shift) & 0xFF));
}

std::string DerivedOctets::take(std::size_t count) {
  while (left_.size() < count) {
    const char counter[4] = {static_cast<char>(counter_ >> 24), static_cast<char>(counter_ >> 16),
                             static_cast<char>(counter_ >> 8), static_cast<char>(counter_)};
    left_ += hmac(Hash::sha256, key_, {std::string_view(counter, 4), label_});
    ++counter_;
  }
  const std::string taken = left_.substr(0, count);
  left_.erase(0, count);
  return taken;
}

}  // namespace relayproof::certs
