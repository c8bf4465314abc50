// A TLS server's side for tests and benchmarks: it asks for a certificate, trusts what it is told to, and sends no
// ticket.
#pragma once

#include <string>
#include <vector>

#include "conformance/session/tls.h"

namespace relayproof::session {

inline X509* parsed(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return d2i_X509(nullptr, &at, static_cast<long>(der.size()));
}

/// A server's context that asks for a certificate and trusts these anchors (DER).
inline Context serverContext(const Identity& own, const std::vector<std::string>& anchors) {
  Context context(SSL_CTX_new(TLS_server_method()));
  for (std::size_t at = 0; at < own.chain.size(); ++at) {
    const Certificate certificate(parsed(own.chain[at]));
    if (at == 0)
      SSL_CTX_use_certificate(context.get(), certificate.get());
    else
      SSL_CTX_add1_chain_cert(context.get(), certificate.get());
  }
  const auto* at = reinterpret_cast<const unsigned char*>(own.key.data());
  EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(own.key.size()));
  SSL_CTX_use_PrivateKey(context.get(), key);
  EVP_PKEY_free(key);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  for (const std::string& der : anchors)
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), Certificate(parsed(der)).get());
  return context;
}

}  // namespace relayproof::session
