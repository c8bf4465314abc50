#include "runners/reference/trust.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <stdexcept>

namespace relayproof::reference {
namespace {

struct StackFree {
  void operator()(STACK_OF(X509_CRL) * lists) const { sk_X509_CRL_free(lists); }
};
using Bio = std::unique_ptr<BIO, Releaser<BIO_free>>;

void must(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(fmt::format("OpenSSL refuses to make {}", what));
}

int clientSlot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

// Of the chain that was built, less its anchor; of none that did not verify for another reason.
std::vector<std::string> placesOfLists(X509_STORE_CTX* context) {
  std::vector<std::string> places;
  const int error = X509_STORE_CTX_get_error(context);
  if (error != X509_V_OK && error != X509_V_ERR_UNABLE_TO_GET_CRL) return places;
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context);
  for (int depth = 0; depth + 1 < sk_X509_num(chain); ++depth)
    for (std::string& place : placesOfList(sk_X509_value(chain, depth)))
      if (std::ranges::find(places, place) == places.end()) places.push_back(std::move(place));
  return places;
}

int judge(X509_STORE_CTX* context, void* argument) {
  const auto& policy = *static_cast<const TrustPolicy*>(argument);
  const SSL* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& client = *static_cast<ClientCertificate*>(SSL_get_ex_data(ssl, clientSlot()));
  const unsigned handshakes = client.handshakes;
  client = judgeChain(context, policy.conduct);
  client.handshakes = handshakes + (SSL_version(ssl) == TLS1_3_VERSION ? 1 : 0);
  if (client.presented && policy.conduct.behaviour.revocation != RevocationPolicy::ignore)
    client.listsAt = placesOfLists(context);
  if (client.listsAt.empty()) return client.trusted || !policy.alertOnUntrusted ? 1 : 0;
  // Nobody waits inside a handshake.
  client.trusted = false;
  client.identity = {};
  X509_STORE_CTX_set_error(context, X509_V_ERR_UNABLE_TO_GET_CRL);
  return 1;
}

// What a handshake showed is forgotten when another begins, as in TLS 1.2 it may.
void follow(const SSL* ssl, int where, int) {
  auto* const client = static_cast<ClientCertificate*>(SSL_get_ex_data(ssl, clientSlot()));
  if (client == nullptr) return;
  if (where == SSL_CB_HANDSHAKE_START) {
    const unsigned before = client->handshakes;
    *client = {};
    client->handshakes = before;
  }
  if (where == SSL_CB_HANDSHAKE_DONE && SSL_version(ssl) == TLS1_2_VERSION) ++client->handshakes;
}

// Adds the certificates of a PEM text to what is trusted and to the names that clients are shown.
bool addAnchors(SSL_CTX* context, const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  int added = 0;
  while (const Certificate anchor{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    if (X509_STORE_add_cert(store, anchor.get()) != 1) return false;
    // Who is trusted need be no root (RFC 5280 6.1.1).
    const bool isRoot = X509_NAME_cmp(X509_get_subject_name(anchor.get()), X509_get_issuer_name(anchor.get())) == 0;
    if (!isRoot) X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    if (SSL_CTX_add_client_CA(context, anchor.get()) != 1) return false;
    ++added;
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return added > 0 && ended;
}

void resume(SSL_CTX* context, Resumption option) {
  if (option == Resumption::fullHandshake) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    return;
  }
  // Without a context of its own a session with a client's certificate is not resumed.
  constexpr std::string_view name = "relay";
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
  must(SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(name.data()), name.size()) == 1,
       "a session id context");
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

std::variant<TlsContext, Problem> makeTlsContext(const TrustBase& base, const ServerIdentity& server,
                                                 const TrustPolicy& policy) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  must(context != nullptr, "a TLS context");
  SSL_CTX* const made = context.get();
  constexpr std::size_t longestChain = std::size_t{1} << 20;
  SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
  const bool renegotiates = policy.renegotiates || policy.conduct.faults.keepsFirstIdentity;
  SSL_CTX_set_options(made, renegotiates ? SSL_OP_ALLOW_CLIENT_RENEGOTIATION : SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_options(made, SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_info_callback(made, follow);
  resume(made, policy.conduct.behaviour.resumption);
  SSL_CTX_set_max_cert_list(made, longestChain);
  must(SSL_CTX_use_certificate(made, server.certificate.get()) == 1, "use of a certificate");
  must(SSL_CTX_use_PrivateKey(made, server.key.get()) == 1, "use of a key");
  for (std::size_t i = 0; i < base.anchors.size(); ++i)
    if (!addAnchors(made, base.anchors[i]))
      return Problem{
          fmt::format("trustAnchors[{}]: holds no PEM certificate, or more than certificates; "
                      "give certificates alone",
                      i)};
  for (const RevocationList& list : base.revocationLists)
    must(X509_STORE_add_crl(SSL_CTX_get_cert_store(made), list.get()) == 1, "use of a revocation list");
  if (policy.conduct.faults.asksForCertificate) SSL_CTX_set_verify(made, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(made, judge, const_cast<TrustPolicy*>(&policy));
  return context;
}

bool asksAgain(SSL* ssl) {
  const bool asks = SSL_version(ssl) == TLS1_3_VERSION && SSL_verify_client_post_handshake(ssl) == 1;
  ERR_clear_error();
  return asks;
}

void observe(SSL* ssl, ClientCertificate& client) { SSL_set_ex_data(ssl, clientSlot(), &client); }

void judgeAgain(SSL* ssl, const Conduct& conduct, const std::vector<RevocationList>& fetched,
                ClientCertificate& client) {
  const std::unique_ptr<X509_STORE_CTX, Releaser<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  must(context != nullptr && X509_STORE_CTX_init(context.get(), SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)),
                                                 SSL_get0_peer_certificate(ssl), SSL_get_peer_cert_chain(ssl)) == 1,
       "a verification");
  const std::unique_ptr<STACK_OF(X509_CRL), StackFree> lists(sk_X509_CRL_new_null());
  for (const RevocationList& list : fetched) sk_X509_CRL_push(lists.get(), list.get());
  X509_STORE_CTX_set0_crls(context.get(), lists.get());
  const unsigned handshakes = client.handshakes;
  client = judgeChain(context.get(), conduct, fetched);
  client.handshakes = handshakes;
}

void recallSession(SSL* ssl, const Conduct& conduct, ClientCertificate& client) {
  if (SSL_session_reused(ssl) == 0 || conduct.behaviour.resumption != Resumption::originalIdentity) return;
  // A session keeps the leaf and what its verification came to.
  X509* const leaf = SSL_get0_peer_certificate(ssl);
  if (leaf == nullptr) return;
  const bool verified = conduct.faults.recallsUnverified || SSL_get_verify_result(ssl) == X509_V_OK;
  const bool expired = X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0 && !conduct.behaviour.resumesExpired;
  const unsigned handshakes = client.handshakes;
  client = recallLeaf(leaf, verified && !expired, conduct);
  client.handshakes = handshakes;
}

}  // namespace relayproof::reference
