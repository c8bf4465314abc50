// What OpenSSL and GnuTLS by themselves make of a client's chain, as a TLS server's that is built on them: purpose
// clientAuth, common names held against name constraints, weak hashes refused. For tests.
#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace relayproof {

using Octets = std::vector<std::string>;

/// CRLs that are missing do not matter; where `crls` is empty nobody looks for any.
struct Trust {
  Octets anchors;
  Octets crls;
  std::int64_t at = 0;
};

namespace foreign {

template <class T, T* (*read)(T**, const unsigned char**, long), void (*release)(T*)>
std::unique_ptr<T, decltype(release)> decoded(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return {read(nullptr, &at, static_cast<long>(der.size())), release};
}
inline auto certificateOf(const std::string& der) { return decoded<X509, d2i_X509, X509_free>(der); }
inline auto crlOf(const std::string& der) { return decoded<X509_CRL, d2i_X509_CRL, X509_CRL_free>(der); }

// Whether a signature by this key (PKCS#8) verifies with the certificate's.
inline bool signsFor(const std::string& key, X509* certificate) {
  const auto* at = reinterpret_cast<const unsigned char*>(key.data());
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> own(
      d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(key.size())), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<unsigned char, 1024> signature{};
  std::size_t size = signature.size();
  const std::array<unsigned char, 1> message{'m'};
  const EVP_MD* hash = EVP_PKEY_get_id(own.get()) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
  return EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, own.get()) == 1 &&
         EVP_DigestSign(context.get(), signature.data(), &size, message.data(), 1) == 1 &&
         EVP_MD_CTX_reset(context.get()) == 1 &&
         EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, X509_get0_pubkey(certificate)) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), size, message.data(), 1) == 1;
}

inline int withoutCrl(int ok, X509_STORE_CTX* context) {
  return ok == 1 || X509_STORE_CTX_get_error(context) == X509_V_ERR_UNABLE_TO_GET_CRL ? 1 : 0;
}

inline gnutls_datum_t datum(const std::string& octets) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(octets.data())), static_cast<unsigned>(octets.size())};
}

inline std::string words(unsigned status) {
  static constexpr std::array<std::pair<unsigned, const char*>, 15> names{
      {{GNUTLS_CERT_REVOKED, "revoked"},
       {GNUTLS_CERT_SIGNER_NOT_FOUND, "signer not found"},
       {GNUTLS_CERT_SIGNER_NOT_CA, "signer not CA"},
       {GNUTLS_CERT_INSECURE_ALGORITHM, "insecure algorithm"},
       {GNUTLS_CERT_NOT_ACTIVATED, "not activated"},
       {GNUTLS_CERT_EXPIRED, "expired"},
       {GNUTLS_CERT_SIGNATURE_FAILURE, "signature failure"},
       {GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, "revocation data superseded"},
       {GNUTLS_CERT_UNEXPECTED_OWNER, "unexpected owner"},
       {GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, "revocation data issued in future"},
       {GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, "signer constraints failure"},
       {GNUTLS_CERT_MISMATCH, "mismatch"},
       {GNUTLS_CERT_PURPOSE_MISMATCH, "purpose mismatch"},
       {GNUTLS_CERT_MISSING_OCSP_STATUS, "missing OCSP status"},
       {GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, "unknown critical extensions"}}};
  std::string text;
  for (const auto& [bit, name] : names)
    if ((status & bit) != 0) text += (text.empty() ? "" : ", ") + std::string(name);
  return !text.empty() ? text : status == 0 ? "accepted" : "invalid";
}

}  // namespace foreign

inline std::string opensslAnswer(const Octets& chain, const Trust& trust) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), &X509_STORE_free);
  for (const std::string& anchor : trust.anchors)
    X509_STORE_add_cert(store.get(), foreign::certificateOf(anchor).get());
  for (const std::string& crl : trust.crls) X509_STORE_add_crl(store.get(), foreign::crlOf(crl).get());

  const auto leaf = foreign::certificateOf(chain.front());
  const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> sent(
      sk_X509_new_null(), [](STACK_OF(X509) * all) { sk_X509_pop_free(all, X509_free); });
  for (const std::string& der : Octets(chain.begin() + 1, chain.end())) {
    auto certificate = foreign::certificateOf(der);
    if (!certificate) return "cannot be decoded";
    sk_X509_push(sent.get(), certificate.release());
  }
  if (!leaf) return "cannot be decoded";

  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(X509_STORE_CTX_new(),
                                                                                &X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), sent.get());
  X509_STORE_CTX_set_default(context.get(), "ssl_client");
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(trust.at));
  X509_VERIFY_PARAM_set_auth_level(parameters, 2);
  if (!trust.crls.empty()) {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    X509_STORE_CTX_set_verify_cb(context.get(), foreign::withoutCrl);
  }
  if (X509_verify_cert(context.get()) == 1) return "accepted";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

inline std::string gnutlsAnswer(const Octets& chain, const Trust& trust) {
  static std::int64_t now;
  now = trust.at;
  gnutls_global_set_time_function([](time_t* into) {
    if (into != nullptr) *into = static_cast<time_t>(now);
    return static_cast<time_t>(now);
  });

  struct Freed {
    std::vector<gnutls_x509_crt_t> chain;
    gnutls_x509_trust_list_t list = nullptr;
    ~Freed() {
      for (gnutls_x509_crt_t each : chain) gnutls_x509_crt_deinit(each);
      gnutls_x509_trust_list_deinit(list, 1);
    }
  } freed;
  gnutls_x509_trust_list_init(&freed.list, 0);
  for (const std::string& anchor : trust.anchors) {
    const gnutls_datum_t octets = foreign::datum(anchor);
    gnutls_x509_trust_list_add_trust_mem(freed.list, &octets, nullptr, GNUTLS_X509_FMT_DER, 0, 0);
  }
  for (const std::string& crl : trust.crls) {
    const gnutls_datum_t octets = foreign::datum(crl);
    gnutls_x509_trust_list_add_trust_mem(freed.list, nullptr, &octets, GNUTLS_X509_FMT_DER, 0, 0);
  }
  for (const std::string& der : chain) {
    gnutls_x509_crt_t certificate = nullptr;
    gnutls_x509_crt_init(&certificate);
    freed.chain.push_back(certificate);
    const gnutls_datum_t octets = foreign::datum(der);
    if (const int code = gnutls_x509_crt_import(certificate, &octets, GNUTLS_X509_FMT_DER); code < 0)
      return gnutls_strerror(code);
  }
  gnutls_typed_vdata_st purpose{};
  purpose.type = GNUTLS_DT_KEY_PURPOSE_OID;
  purpose.data = reinterpret_cast<unsigned char*>(const_cast<char*>(GNUTLS_KP_TLS_WWW_CLIENT));
  unsigned status = 0;
  const int code = gnutls_x509_trust_list_verify_crt2(
      freed.list, freed.chain.data(), static_cast<unsigned>(freed.chain.size()), &purpose, 1, 0, &status, nullptr);
  return code < 0 ? gnutls_strerror(code) : foreign::words(status);
}

}  // namespace relayproof
