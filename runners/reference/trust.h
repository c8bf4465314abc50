#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "runners/reference/faults.h"

// TLS as the relay holds it: 1.2 and 1.3, full handshakes only, every client asked for a certificate and none required;
// the chain verified by OpenSSL against the tenancy's anchors (RFC 5280), its names read once.
namespace relayproof::reference {

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using Certificate = std::unique_ptr<X509, Releaser<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using TlsContext = std::unique_ptr<SSL_CTX, Releaser<SSL_CTX_free>>;

struct ServerIdentity {
  Certificate certificate;
  PrivateKey key;
};

// A fresh self-signed P-256 certificate for `name`.
ServerIdentity makeServerIdentity(const std::string& name);

// What a handshake showed of the client.
struct ClientCertificate {
  bool presented = false;
  bool trusted = false;
  Identity identity;  // empty unless trusted
};

// How handshakes are judged. Outlives the contexts made with it.
struct TrustPolicy {
  Conduct conduct;
  bool alertOnUntrusted = false;  // else the handshake goes on, and `trusted` tells
};

std::variant<TlsContext, Problem> makeTlsContext(const std::vector<std::string>& trustAnchors,
                                                 const ServerIdentity& server, const TrustPolicy& policy);

// Where the handshake of `ssl` leaves what it learns; `client` outlives the handshake.
void observe(SSL* ssl, ClientCertificate& client);

}  // namespace relayproof::reference
