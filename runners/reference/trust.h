#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "runners/reference/chain.h"

// TLS as the relay holds it: 1.2 and 1.3, every client asked for a certificate and none required, and sessions resumed
// as the option says: by session id and by ticket, or never.
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

// How handshakes are judged. Outlives the contexts made with it.
struct TrustPolicy {
  Conduct conduct;
  bool alertOnUntrusted = false;  // else the handshake goes on, and `trusted` tells
  bool renegotiates = false;      // in TLS 1.2; the client is then what the last handshake showed
};

// What chains are held against.
struct TrustBase {
  std::vector<std::string> anchors;  // PEM
  std::vector<RevocationList> revocationLists;
};

std::variant<TlsContext, Problem> makeTlsContext(const TrustBase& base, const ServerIdentity& server,
                                                 const TrustPolicy& policy);

// Where the handshake of `ssl` leaves what it learns; `client` outlives the handshake.
void observe(SSL* ssl, ClientCertificate& client);

// After the handshake, to a client that has offered it: the next one is a request for a certificate (RFC 8446 4.6.2).
bool asksAgain(SSL* ssl);

// After the handshake: the certificate that it showed, judged again with the lists that were fetched for it.
void judgeAgain(SSL* ssl, const Conduct& conduct, const std::vector<RevocationList>& fetched,
                ClientCertificate& client);

// After the handshake: what a resumed session carries of its first one, by option resumption.
void recallSession(SSL* ssl, const Conduct& conduct, ClientCertificate& client);

}  // namespace relayproof::reference
