#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runners/reference/test_certificates.h"

// Blocking peers for the tests of the relay: plain sockets and OpenSSL, every wait bounded.
namespace relayproof::reference::testing {

inline constexpr int patienceMs = 10000;

inline sockaddr_in loopback(unsigned short port, const char* address = "127.0.0.1") {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(port);
  inet_pton(AF_INET, address, &made.sin_addr);
  return made;
}

inline bool readable(int socket, int milliseconds) {
  pollfd wait{socket, POLLIN, 0};
  return poll(&wait, 1, milliseconds) > 0;
}

class Client {
 public:
  explicit Client(unsigned short port, const char* from = "127.0.0.1") : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    std::signal(SIGPIPE, SIG_IGN);
    const sockaddr_in own = loopback(0, from);
    const sockaddr_in relay = loopback(port);
    bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    connect(socket_, reinterpret_cast<const sockaddr*>(&relay), sizeof relay);
    read();
  }
  ~Client() {
    SSL_free(ssl_);
    close(socket_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(const std::string& octets) {
    if (ssl_ != nullptr) {
      SSL_write(ssl_, octets.data(), static_cast<int>(octets.size()));
    } else {
      [[maybe_unused]] const auto sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    }
  }

  // One reply, its last line with all lines before it; empty where the connection ended or nothing comes.
  std::string read() {
    std::string reply;
    for (;;) {
      const std::size_t end = received_.find("\r\n");
      if (end == std::string::npos) {
        char octets[4096];
        if ((ssl_ == nullptr || SSL_pending(ssl_) == 0) && !readable(socket_, patienceMs)) return {};
        const auto got =
            ssl_ != nullptr ? SSL_read(ssl_, octets, sizeof octets) : recv(socket_, octets, sizeof octets, 0);
        if (got <= 0) return {};
        received_.append(octets, static_cast<std::size_t>(got));
        continue;
      }
      reply += received_.substr(0, end + 2);
      const bool last = end < 4 || received_[3] != '-';
      received_.erase(0, end + 2);
      if (last) return reply;
    }
  }

  std::string say(const std::string& line) {
    send(line + "\r\n");
    return read();
  }

  // STARTTLS and the handshake, with what `cleartext` holds in the same segment. False where the handshake fails here.
  // A `session` is offered for resumption; `options` are OpenSSL's.
  bool startTls(const Minted* identity, const std::vector<const Minted*>& chain = {}, const std::string& cleartext = {},
                int version = TLS1_3_VERSION, SSL_SESSION* session = nullptr, std::uint64_t options = 0) {
    send("STARTTLS\r\n" + cleartext);
    if (!read().starts_with("220")) return false;
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, version);
    SSL_CTX_set_options(context, options);
    if (identity != nullptr) {
      SSL_CTX_use_certificate(context, identity->certificate.get());
      SSL_CTX_use_PrivateKey(context, identity->key.get());
      for (const Minted* each : chain) SSL_CTX_add1_chain_cert(context, each->certificate.get());
    }
    ssl_ = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_fd(ssl_, socket_);
    if (session != nullptr) SSL_set_session(ssl_, session);
    return SSL_connect(ssl_) == 1;
  }

  SSL* ssl() { return ssl_; }

 private:
  int socket_;
  SSL* ssl_ = nullptr;
  std::string received_;
};

// A server that takes everything: one line of text for each message, and the content as it came.
class Sink {
 public:
  struct Message {
    std::string envelope;  // "MAIL FROM:<…> RCPT TO:<…> …"
    std::string content;   // still stuffed, without the final dot
  };

  // `ends` closes the connection after each message; `answer` is the reply to the end of DATA.
  explicit Sink(bool pipelining = true, bool ends = false, std::string answer = "250 2.0.0 Ok")
      : pipelining_(pipelining), ends_(ends), answer_(std::move(answer)), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in own = loopback(0);
    bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    listen(socket_, 16);
    socklen_t size = sizeof own;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
    port_ = ntohs(own.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Sink() {
    stopping_ = true;
    thread_.join();
    close(socket_);
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::vector<Message> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  int connections() const { return connections_; }

 private:
  void run() {
    while (!stopping_)
      if (readable(socket_, 20)) {
        const int peer = accept(socket_, nullptr, nullptr);
        ++connections_;
        serve(peer);
        close(peer);
      }
  }

  static void reply(int peer, const std::string& text) {
    [[maybe_unused]] const auto sent = ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
  }

  void serve(int peer) {
    reply(peer, "220 sink.test\r\n");
    std::string input;
    Message message;
    bool inData = false;
    while (!stopping_) {
      const std::string end = inData ? "\r\n.\r\n" : "\r\n";
      const std::size_t at = input.find(end);
      if (at == std::string::npos) {
        char octets[4096];
        if (!readable(peer, 20)) continue;
        const auto got = recv(peer, octets, sizeof octets, 0);
        if (got <= 0) return;
        input.append(octets, static_cast<std::size_t>(got));
        continue;
      }
      const std::string line = input.substr(0, at);
      input.erase(0, at + end.size());
      if (inData) {
        message.content = line + "\r\n";
        {
          const std::lock_guard lock(mutex_);
          messages_.push_back(message);
        }
        message = {};
        inData = false;
        reply(peer, answer_ + "\r\n");
        if (ends_) return;
      } else if (line.starts_with("EHLO")) {
        reply(peer, pipelining_ ? "250-sink.test\r\n250-8BITMIME\r\n250 PIPELINING\r\n" : "250 sink.test\r\n");
      } else if (line == "DATA") {
        inData = true;
        reply(peer, "354 go\r\n");
      } else {
        message.envelope += (message.envelope.empty() ? "" : " ") + line;
        reply(peer, "250 Ok\r\n");
      }
    }
  }

  bool pipelining_;
  bool ends_;
  std::string answer_;
  int socket_;
  unsigned short port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<Message> messages_;
  std::thread thread_;
};

// A server of revocation lists: the same octets to whoever has asked, and then the end; or none at all.
class ListServer {
 public:
  explicit ListServer(std::string answer) : answer_(std::move(answer)), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in own = loopback(0);
    bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    listen(socket_, 16);
    socklen_t size = sizeof own;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
    port_ = ntohs(own.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~ListServer() {
    stopping_ = true;
    thread_.join();
    for (const int peer : silent_) close(peer);
    close(socket_);
  }
  ListServer(const ListServer&) = delete;
  ListServer& operator=(const ListServer&) = delete;

  std::string uri() const { return "http://127.0.0.1:" + std::to_string(port_) + "/a.crl"; }
  int asked() const { return asked_; }

 private:
  void run() {
    while (!stopping_)
      if (readable(socket_, 20)) {
        const int peer = accept(socket_, nullptr, nullptr);
        char octets[4096];
        std::string request;
        while (request.find("\r\n\r\n") == std::string::npos && readable(peer, patienceMs)) {
          const auto got = recv(peer, octets, sizeof octets, 0);
          if (got <= 0) break;
          request.append(octets, static_cast<std::size_t>(got));
        }
        ++asked_;
        if (answer_.empty()) {
          silent_.push_back(peer);
          continue;
        }
        [[maybe_unused]] const auto sent = ::send(peer, answer_.data(), answer_.size(), MSG_NOSIGNAL);
        close(peer);
      }
  }

  std::string answer_;
  int socket_;
  unsigned short port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> asked_ = 0;
  std::vector<int> silent_;
  std::thread thread_;
};

inline std::string httpAnswer(const std::string& body, const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace relayproof::reference::testing
