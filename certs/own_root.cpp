#include "certs/own_root.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "certs/certificate_walk.h"
#include "certs/der.h"
#include "certs/key.h"
#include "certs/mint.h"
#include "certs/owned.h"
#include "certs/verify.h"
#include "certs/x509_time.h"

namespace relayproof::certs {
namespace {

// A password is never asked for.
int noPassword(char*, int, int, void*) { return -1; }

Expected<std::string> keyFromPem(std::string_view text, const std::string& place) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                                     &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(in.get(), nullptr, noPassword, nullptr), &EVP_PKEY_free);
  if (!key) return Error(place, "", "holds no private key that can be read", "write it in PEM, not encrypted");
  std::string der(static_cast<std::size_t>(i2d_PrivateKey(key.get(), nullptr)), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_PrivateKey(key.get(), &at);
  return der;
}

}  // namespace

Expected<OwnRoot> readOwnRoot(std::string_view certificate, const std::string& certificatePlace, std::string_view key,
                              const std::string& keyPlace, std::int64_t at) {
  const auto ders = certificatesFromPem(certificate, certificatePlace);
  if (!ders) return ders.error();
  const auto der = keyFromPem(key, keyPlace);
  if (!der) return der.error();
  OwnRoot own{ders->front(), {ders->begin() + 1, ders->end()}, *der, "", "", 0};

  const auto fault = [&](std::string what, std::string mend) { return Error(certificatePlace, "", what, mend); };
  const auto* octets = reinterpret_cast<const unsigned char*>(own.certificate.data());
  const Owned<X509> root(d2i_X509(nullptr, &octets, static_cast<long>(own.certificate.size())));
  if (!root) return fault("cannot be decoded", "give the certificate of a CA");
  if (X509_check_ca(root.get()) != 1)
    return fault("is no CA's certificate",
                 "it needs basicConstraints CA:TRUE, and keyCertSign where it has a key usage");
  if (X509_get_pathlen(root.get()) == 0)
    return fault("allows no intermediate below it", "give a CA without a pathLenConstraint");
  const ChainFacts facts = verifyChain(*ders, {ders->back()}, at);
  if (!facts.verified)
    return fault("does not verify: " + facts.error,
                 "give one that is in force, and after it those of its issuers in their order");
  for (const std::string& each : *ders) {
    const auto* begin = reinterpret_cast<const unsigned char*>(each.data());
    const Owned<X509> parsed(d2i_X509(nullptr, &begin, static_cast<long>(each.size())));
    if (!parsed) return fault("holds a certificate that cannot be decoded", "leave it out");
    if ((X509_get_extended_key_usage(parsed.get()) & (XKU_SSL_CLIENT | XKU_ANYEKU)) == 0)
      return fault("may not issue for clients, by its extendedKeyUsage or that of its issuers", "give a CA that may");
    own.notBefore = std::max(own.notBefore, secondsOf(X509_get0_notBefore(parsed.get())));
  }

  try {
    const PrivateKey signer = PrivateKey::fromDer(own.key);
    const auto walked = walkCertificate(own.certificate);
    if (walked->publicInfo != signer.publicInfo())
      return Error(keyPlace, "", "is not the key of " + certificatePlace, "give the two that belong together");
    own.subject = walked->subject;
    own.keyIdentifier = signer.identifier();
    for (const ExtensionView& extension : walked->extensions)
      if (der::oidText(extension.oid) == "2.5.29.14")
        if (const auto identifier = der::only(extension.value, der::kOctetString))
          own.keyIdentifier = identifier->content;
  } catch (const Error& error) {
    return Error(keyPlace, "", error.problem, error.mend);
  }
  return own;
}

}  // namespace relayproof::certs
