#include "certs/pkcs12.h"

#include <openssl/evp.h>

#include <stdexcept>

#include "certs/digest.h"
#include "certs/owned.h"

namespace relayproof::certs {
namespace {

constexpr int kIterations = 2048;
constexpr int kSaltOctets = 16;

template <class T>
Owned<T> owned(T* made) {
  if (made == nullptr) throw std::runtime_error("OpenSSL cannot make a PKCS#12 file of this fixture");
  return Owned<T>(made);
}

void checkMade(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL cannot make a PKCS#12 file of this fixture");
}

// PBES2 (RFC 8018) with parameters from `octets`, where OpenSSL's own would draw them at random.
Owned<X509_ALGOR> encryption(DerivedOctets& octets) {
  std::string salt = octets.take(kSaltOctets);
  std::string vector = octets.take(16);
  return owned(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kIterations, reinterpret_cast<unsigned char*>(salt.data()),
                                 kSaltOctets, reinterpret_cast<unsigned char*>(vector.data()), NID_hmacWithSHA256));
}

// The attribute by which a reader finds the certificate that belongs to the key.
void name(PKCS12_SAFEBAG* bag, const std::string& id, std::string& localKeyId) {
  checkMade(PKCS12_add_friendlyname_utf8(bag, id.data(), static_cast<int>(id.size())) == 1 &&
            PKCS12_add_localkeyid(bag, reinterpret_cast<unsigned char*>(localKeyId.data()),
                                  static_cast<int>(localKeyId.size())) == 1);
}

void push(STACK_OF(PKCS12_SAFEBAG) * bags, Owned<PKCS12_SAFEBAG> bag) {
  checkMade(sk_PKCS12_SAFEBAG_push(bags, bag.get()) > 0);
  (void)bag.release();
}

void push(STACK_OF(PKCS7) * safes, Owned<PKCS7> safe) {
  checkMade(sk_PKCS7_push(safes, safe.get()) > 0);
  (void)safe.release();
}

// Null: OpenSSL does not read the certificate.
Owned<PKCS12_SAFEBAG> certificateBag(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return certificate ? owned(PKCS12_SAFEBAG_create_cert(certificate.get())) : nullptr;
}

// PKCS12_pack_p7encdata, with our parameters instead of random ones.
Owned<PKCS7> encryptedSafe(STACK_OF(PKCS12_SAFEBAG) * bags, DerivedOctets& octets) {
  auto safe = owned(PKCS7_new());
  checkMade(PKCS7_set_type(safe.get(), NID_pkcs7_encrypted) == 1);
  PKCS7_ENC_CONTENT* content = safe->d.encrypted->enc_data;
  X509_ALGOR_free(content->algorithm);
  content->algorithm = encryption(octets).release();
  ASN1_OCTET_STRING_free(content->enc_data);
  content->enc_data =
      PKCS12_item_i2d_encrypt(content->algorithm, ASN1_ITEM_rptr(PKCS12_SAFEBAGS), kPkcs12Password, -1, bags, 1);
  checkMade(content->enc_data != nullptr);
  return safe;
}

Owned<PKCS12_SAFEBAG> keyBag(const Fixture& fixture, std::string& localKeyId, DerivedOctets& octets) {
  const auto* at = reinterpret_cast<const unsigned char*>(fixture.key.data());
  const auto key = owned(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(fixture.key.size())));
  Owned<X509_ALGOR> algorithm = encryption(octets);
  auto encrypted = owned(PKCS8_set0_pbe(kPkcs12Password, -1, key.get(), algorithm.get()));
  (void)algorithm.release();
  auto bag = owned(PKCS12_SAFEBAG_create0_pkcs8(encrypted.get()));
  (void)encrypted.release();
  name(bag.get(), fixture.id, localKeyId);
  return bag;
}

}  // namespace

std::optional<std::string> pkcs12(const Fixture& fixture) {
  DerivedOctets octets(0, "pkcs12/" + fixture.id + fixture.leaf);
  std::string localKeyId = digest(Hash::sha256, {fixture.leaf}).substr(0, 20);

  const auto certificates = owned(sk_PKCS12_SAFEBAG_new_null());
  for (const std::string& der : fixture.chain) {
    auto bag = certificateBag(der);
    if (!bag) return std::nullopt;
    if (der == fixture.leaf) name(bag.get(), fixture.id, localKeyId);
    push(certificates.get(), std::move(bag));
  }
  const auto keys = owned(sk_PKCS12_SAFEBAG_new_null());
  push(keys.get(), keyBag(fixture, localKeyId, octets));

  const auto safes = owned(sk_PKCS7_new_null());
  push(safes.get(), encryptedSafe(certificates.get(), octets));
  push(safes.get(), owned(PKCS12_pack_p7data(keys.get())));
  const auto file = owned(PKCS12_init(NID_pkcs7_data));
  checkMade(PKCS12_pack_authsafes(file.get(), safes.get()) == 1);
  std::string salt = octets.take(kSaltOctets);
  checkMade(PKCS12_set_mac(file.get(), kPkcs12Password, -1, reinterpret_cast<unsigned char*>(salt.data()), kSaltOctets,
                           kIterations, EVP_sha256()) == 1);

  unsigned char* encoded = nullptr;
  const int size = i2d_PKCS12(file.get(), &encoded);
  checkMade(size > 0);
  std::string out(reinterpret_cast<char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return out;
}

}  // namespace relayproof::certs
