// For tests: a server on 127.0.0.1 that plays a script, act by act, the same one for each connection in turn. It does
// what no real server may be asked to do: stall, reset, dribble, talk out of turn.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "conformance/session/player.h"

namespace relayproof::session::scripted {

inline std::string derOf(EVP_PKEY* key) {
  PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key);
  unsigned char* octets = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info, &octets);
  std::string der(reinterpret_cast<char*>(octets), static_cast<std::size_t>(size));
  OPENSSL_free(octets);
  PKCS8_PRIV_KEY_INFO_free(info);
  return der;
}

inline std::string derOf(X509* certificate) {
  unsigned char* octets = nullptr;
  const int size = i2d_X509(certificate, &octets);
  std::string der(reinterpret_cast<char*>(octets), static_cast<std::size_t>(size));
  OPENSSL_free(octets);
  return der;
}

/// A self-signed certificate and its key, enough for dialogues. The key is taken over.
inline Identity selfSigned(const std::string& commonName, EVP_PKEY* key = EVP_EC_gen("P-256")) {
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(commonName.data()),
                             static_cast<int>(commonName.size()), -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256());
  Identity identity{commonName, {derOf(certificate)}, derOf(key)};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return identity;
}

struct Say {
  std::string octets;
  bool octetByOctet = false;
  int every = 1;  ///< milliseconds between two octets
};
/// Without end, until the client goes.
struct Flood {
  std::string octets;
};
/// One line that begins so, or the script ends here.
struct Hear {
  std::string prefix;
};
/// Until CRLF.CRLF.
struct HearMessage {};
struct Wait {
  int milliseconds;
};
struct AcceptTls {
  enum class Ask { nothing, optional, required } ask = Ask::nothing;
  bool reject = false;  ///< the client's certificate, whatever it is
  int version = 0;      ///< TLS1_2_VERSION, or whatever both speak
  bool tickets = true;
};
/// TLS 1.2 alone.
struct Renegotiate {};
/// Asks for a certificate behind the handshake (TLS 1.3); what the client sends it takes with the next octets.
struct AskAgain {};
/// Goes on in the clear without a word.
struct LeaveTls {};
struct Close {};
struct Reset {};
/// Says nothing more until the client goes.
struct Stall {};
/// Reads nothing more, until the server ends.
struct Deaf {};

using Act = std::variant<Say, Flood, Hear, HearMessage, Wait, AcceptTls, Renegotiate, AskAgain, LeaveTls, Close, Reset,
                         Stall, Deaf>;
using Script = std::vector<Act>;

class Server {
 public:
  explicit Server(Script script) : script_(std::move(script)), own_(selfSigned("relay.test")) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int little = 65536;  // a client that writes much is soon made to wait
    setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 128) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("cannot listen on 127.0.0.1");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  unsigned short port() const { return port_; }
  /// DER, to be trusted.
  const std::string& certificate() const { return own_.chain.front(); }
  /// Where a script was left before its end, in words.
  std::string surprises() const {
    const std::lock_guard lock(mutex_);
    return surprises_;
  }
  /// What came over the last connection after the last act, and everything that was heard.
  std::string heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  static constexpr int kLongestWait = 20000;

  void serve() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (!stopping_) {
      fd_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd_ < 0) continue;
      const int on = 1;
      setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      for (const Act& act : script_) {
        if (!std::visit([this](const auto& one) { return play(one); }, act)) break;
      }
      if (ssl_ != nullptr) SSL_free(ssl_);
      ssl_ = nullptr;
      if (fd_ >= 0) ::close(fd_);
    }
  }

  bool surprise(const std::string& what) {
    const std::lock_guard lock(mutex_);
    surprises_ += what + "\n";
    return false;
  }

  bool readable() const {
    pollfd wait{fd_, POLLIN, 0};
    return (ssl_ != nullptr && SSL_pending(ssl_) > 0) || (!stopping_ && poll(&wait, 1, kLongestWait) > 0);
  }

  bool readOctet(char& octet) {
    if (!readable()) return false;
    ERR_clear_error();
    const bool got = ssl_ != nullptr ? SSL_read(ssl_, &octet, 1) == 1 : recv(fd_, &octet, 1, 0) == 1;
    if (got) {
      const std::lock_guard lock(mutex_);
      heard_ += octet;
    }
    return got;
  }

  bool write(std::string_view octets) {
    ERR_clear_error();
    const int size = static_cast<int>(octets.size());
    return ssl_ != nullptr ? SSL_write(ssl_, octets.data(), size) == size
                           : ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL) == size;
  }

  bool play(const Say& say) {
    if (!say.octetByOctet) return write(say.octets);
    for (const char& octet : say.octets) {
      if (!write({&octet, 1})) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(say.every));
    }
    return true;
  }

  bool play(const Flood& flood) {
    std::string many = flood.octets;
    while (many.size() < 4096) many += flood.octets;
    while (!stopping_ && write(many)) {
    }
    return false;
  }

  bool play(const Hear& hear) {
    std::string line;
    for (char octet = 0; octet != '\n';) {
      if (!readOctet(octet)) return surprise("end instead of " + hear.prefix);
      line += octet;
    }
    return line.starts_with(hear.prefix) || surprise(line + " instead of " + hear.prefix);
  }

  bool play(const HearMessage&) {
    std::string message = "\r\n";
    for (char octet = 0; !message.ends_with("\r\n.\r\n"); message += octet) {
      if (!readOctet(octet)) return surprise("end inside a message");
    }
    return true;
  }

  bool play(const Wait& wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(wait.milliseconds));
    return true;
  }

  bool play(const AcceptTls& accept) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    const auto* at = reinterpret_cast<const unsigned char*>(own_.chain.front().data());
    X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(own_.chain.front().size()));
    at = reinterpret_cast<const unsigned char*>(own_.key.data());
    EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(own_.key.size()));
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    if (accept.ask != AcceptTls::Ask::nothing) {
      SSL_CTX_add_client_CA(context, certificate);
      SSL_CTX_set_verify(
          context, SSL_VERIFY_PEER | (accept.ask == AcceptTls::Ask::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
          accept.reject ? [](int, X509_STORE_CTX*) { return 0; } : [](int, X509_STORE_CTX*) { return 1; });
    }
    if (accept.version != 0) SSL_CTX_set_max_proto_version(context, accept.version);
    if (!accept.tickets) SSL_CTX_set_num_tickets(context, 0);
    ssl_ = SSL_new(context);
    SSL_CTX_free(context);
    X509_free(certificate);
    EVP_PKEY_free(key);
    SSL_set_fd(ssl_, fd_);
    ERR_clear_error();
    return SSL_accept(ssl_) == 1;
  }

  bool play(const Renegotiate&) { return SSL_renegotiate(ssl_) == 1 && SSL_do_handshake(ssl_) == 1; }

  bool play(const AskAgain&) { return SSL_verify_client_post_handshake(ssl_) == 1 && SSL_do_handshake(ssl_) == 1; }

  bool play(const LeaveTls&) {
    SSL_free(ssl_);
    ssl_ = nullptr;
    return true;
  }

  bool play(const Close&) { return false; }

  bool play(const Reset&) {
    const linger none{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    return false;
  }

  bool play(const Stall&) {
    char octet = 0;
    while (readOctet(octet)) {
    }
    return false;
  }

  bool play(const Deaf&) {
    while (!stopping_) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return false;
  }

  Script script_;
  Identity own_;
  int listener_ = -1;
  int fd_ = -1;
  unsigned short port_ = 0;
  SSL* ssl_ = nullptr;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::string surprises_;
  std::string heard_;
  std::thread thread_;
};

}  // namespace relayproof::session::scripted
