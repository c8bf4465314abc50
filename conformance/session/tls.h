// TLS over octets, without sockets: contexts that present an identity, and one connection as a pump. Records meet the
// dialogue here and not inside a stream, so that a refusal can be read out behind a failed write, and clear text be
// told from TLS.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "certs/document.h"
#include "conformance/session/player.h"
#include "conformance/session/record.h"

namespace relayproof::session {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
};
using Certificate = std::unique_ptr<X509, Free>;
using Context = std::unique_ptr<SSL_CTX, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Chain = std::unique_ptr<STACK_OF(X509), Free>;
using TlsSession = std::unique_ptr<SSL_SESSION, Free>;

/// The subjects of certificates (DER) as TlsRecord::authorities spells names; those that cannot be parsed are left out.
std::vector<std::string> subjectNames(const std::vector<std::string>& certificates);

/// What a client shows in a handshake; all of it belongs to the Contexts that gave it.
struct Presented {
  SSL_CTX* context = nullptr;
  X509* leaf = nullptr;  ///< null: an empty Certificate
  STACK_OF(X509) * chain = nullptr;
  EVP_PKEY* key = nullptr;
};

/// One SSL_CTX for all, which is a hundred times as large as an identity, and each identity parsed when first asked
/// for: no session is resumed but one that is given, and none carries over to another identity. Our own side judges
/// nothing (security level 0), so that odd certificates leave as they are.
class Contexts {
 public:
  explicit Contexts(const Target& target);

  /// What presents this identity; null presents none. An identity that OpenSSL cannot load is an Error.
  Expected<Presented> of(const std::shared_ptr<const Identity>& identity);

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  struct Parsed {
    Certificate leaf;
    Chain chain;
    Key key;
  };

  std::optional<Error> makeContext();
  X509* parsedOnce(const std::string& der);
  Expected<Parsed> parse(const Identity& identity);

  const Target& target_;
  std::unique_ptr<std::FILE, CloseFile> keylog_;
  Context context_;
  std::map<std::string, Certificate> shared_;  ///< issuers and anchors by DER: many chains hold them, parsing is slow
  std::map<std::shared_ptr<const Identity>, Parsed> identities_;
};

/// One TLS connection: octets of the network go in by feed() and come out by takeOutput().
class Tls {
 public:
  enum class State { handshaking, open, closed, failed };

  /// The side that connects; `version` as in Job.
  static std::unique_ptr<Tls> client(const Presented& as, const std::string& version,
                                     const std::optional<std::string>& sni);
  /// Another server name in the ClientHello; the server's certificate is held against that of client() all the same.
  void askFor(const std::string& name);
  static std::unique_ptr<Tls> server(SSL_CTX* context);
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  void feed(std::string_view octets);
  std::string takeOutput();
  State handshake();                      ///< as far as the octets that were fed go
  void offer(SSL_SESSION* session);       ///< before the handshake: to be resumed
  void refuseTickets();                   ///< before the handshake: sessions by their ids alone
  void renegotiate(const Presented& as);  ///< begins another handshake, with that identity
  void offerPostHandshake();              ///< before the handshake: to answer for a certificate behind it (TLS 1.3)
  /// That identity answers from now on; what was asked for and sent so far is forgotten.
  void presentFromNowOn(const Presented& as);
  TlsSession session() const;      ///< one that can be resumed, or null
  State read(std::string& plain);  ///< appends what can be read; closed: the peer's close_notify came
  /// Encrypts at once, or after the read that completes a message of the peer which has come in part (a long ticket).
  void write(std::string_view plain);
  void sayGoodbye();  ///< close_notify

  /// What was seen so far; `outcome` stays none, since it takes more than octets to tell.
  const TlsRecord& seen() const { return seen_; }
  /// Our Certificate message, empty or not, has left.
  bool answeredCertificateRequest() const { return answered_; }
  /// What went wrong when the state is failed.
  const std::string& why() const { return why_; }

 private:
  explicit Tls(SSL_CTX* context);
  static void watch(int sent, int version, int type, const void* octets, std::size_t size, SSL* ssl, void* self);
  State stateAfter(int result);
  void writeWhatWaits();

  std::unique_ptr<SSL, Free> ssl_;
  TlsRecord seen_;
  bool answered_ = false;
  std::string why_;
  std::string waiting_;  // to be encrypted
};

}  // namespace relayproof::session
