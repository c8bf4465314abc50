#include "runners/reference/trust.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "runners/reference/constraints.h"

namespace relayproof::reference {
namespace {

using Bio = std::unique_ptr<BIO, Releaser<BIO_free>>;

void must(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(fmt::format("OpenSSL refuses to make {}", what));
}

int clientSlot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

int forgivenessSlot() {
  static const int slot = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

bool serves(X509* certificate, ExtendedKeyUsage option) {
  if (option == ExtendedKeyUsage::ignored || (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) == 0) return true;
  const std::uint32_t wanted =
      XKU_ANYEKU | XKU_SSL_CLIENT | (option == ExtendedKeyUsage::clientOrServer ? XKU_SSL_SERVER : 0U);
  return (X509_get_extended_key_usage(certificate) & wanted) != 0;
}

bool maySign(X509* leaf) {
  return (X509_get_extension_flags(leaf) & EXFLAG_KUSAGE) == 0 ||
         (X509_get_key_usage(leaf) & (KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT)) != 0;
}

int forgive(int ok, X509_STORE_CTX* store) {
  const auto* faults = static_cast<const Faults*>(X509_STORE_CTX_get_ex_data(store, forgivenessSlot()));
  return ok != 0 || faults->forgives(X509_STORE_CTX_get_error(store)) ? 1 : 0;
}

bool isTrusted(X509_STORE_CTX* store, const Conduct& conduct) {
  // Key usage is checked below, by the option; a CN is held against name constraints beside a subjectAltName too.
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(store);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT);
  if (conduct.faults.forgives != nullptr) {
    X509_STORE_CTX_set_ex_data(store, forgivenessSlot(), const_cast<Faults*>(&conduct.faults));
    X509_STORE_CTX_set_verify_cb(store, forgive);
  }
  if (X509_verify_cert(store) != 1) return false;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(store);
  bool fit = maySign(X509_STORE_CTX_get0_cert(store));
  for (int i = 0; i < sk_X509_num(chain); ++i)
    fit = fit && serves(sk_X509_value(chain, i), conduct.behaviour.extendedKeyUsage);
  if (!fit) X509_STORE_CTX_set_error(store, X509_V_ERR_INVALID_PURPOSE);
  return fit;
}

int judge(X509_STORE_CTX* store, void* argument) {
  const auto& policy = *static_cast<const TrustPolicy*>(argument);
  const Faults& faults = policy.conduct.faults;
  const SSL* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& client = *static_cast<ClientCertificate*>(SSL_get_ex_data(ssl, clientSlot()));
  client.presented = true;
  client.trusted = isTrusted(store, policy.conduct);
  if (client.trusted) {
    X509* leaf = X509_STORE_CTX_get0_cert(store);
    CertificateNames names = readNames(leaf);
    if (faults.misread != nullptr) faults.misread({leaf, X509_STORE_CTX_get0_untrusted(store)}, names);
    client.identity = identify(names, policy.conduct.behaviour);
    const bool within = wildcardsAreWithinConstraints(X509_STORE_CTX_get0_chain(store), client.identity) ||
                        (faults.forgives != nullptr && faults.forgives(X509_V_ERR_EXCLUDED_VIOLATION));
    client.trusted = within && !client.identity.rejected;
    if (!client.trusted) {
      X509_STORE_CTX_set_error(store, within ? X509_V_ERR_CERT_REJECTED : X509_V_ERR_EXCLUDED_VIOLATION);
      client.identity = {};
    }
  }
  return client.trusted || !policy.alertOnUntrusted ? 1 : 0;
}

// Adds the certificates of a PEM text to what is trusted and to the names that clients are shown.
bool addAnchors(SSL_CTX* context, const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  int added = 0;
  while (const Certificate anchor{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), anchor.get()) != 1) return false;
    if (SSL_CTX_add_client_CA(context, anchor.get()) != 1) return false;
    ++added;
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return added > 0 && ended;
}

}  // namespace

ServerIdentity makeServerIdentity(const std::string& name) {
  ServerIdentity made{Certificate(X509_new()), PrivateKey(EVP_EC_gen("P-256"))};
  X509* const certificate = made.certificate.get();
  must(certificate != nullptr && made.key != nullptr, "a key");
  constexpr long hour = 3600;
  constexpr long year = 365 * 24 * hour;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -hour);
  X509_gmtime_adj(X509_getm_notAfter(certificate), year);
  X509_NAME* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.data()), static_cast<int>(name.size()), -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_set_pubkey(certificate, made.key.get());
  const std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>> alternatives(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str()));
  must(alternatives != nullptr && X509_add_ext(certificate, alternatives.get(), -1) == 1, "a subjectAltName");
  must(X509_sign(certificate, made.key.get(), EVP_sha256()) > 0, "a certificate");
  return made;
}

std::variant<TlsContext, Problem> makeTlsContext(const std::vector<std::string>& trustAnchors,
                                                 const ServerIdentity& server, const TrustPolicy& policy) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  must(context != nullptr, "a TLS context");
  SSL_CTX* const made = context.get();
  constexpr std::size_t longestChain = std::size_t{1} << 20;
  SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
  SSL_CTX_set_options(made, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(made, 0);
  SSL_CTX_set_max_cert_list(made, longestChain);
  must(SSL_CTX_use_certificate(made, server.certificate.get()) == 1, "use of a certificate");
  must(SSL_CTX_use_PrivateKey(made, server.key.get()) == 1, "use of a key");
  for (std::size_t i = 0; i < trustAnchors.size(); ++i)
    if (!addAnchors(made, trustAnchors[i]))
      return Problem{
          fmt::format("trustAnchors[{}]: holds no PEM certificate, or more than certificates; "
                      "give certificates alone",
                      i)};
  if (policy.conduct.faults.asksForCertificate) SSL_CTX_set_verify(made, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(made, judge, const_cast<TrustPolicy*>(&policy));
  return context;
}

void observe(SSL* ssl, ClientCertificate& client) { SSL_set_ex_data(ssl, clientSlot(), &client); }

}  // namespace relayproof::reference
