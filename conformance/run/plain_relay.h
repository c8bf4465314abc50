// For tests: an SMTP server without TLS on 127.0.0.1 whose every reply is a function of what it was told. It can lose
// patience, change its mind, or go away, as relays under test do. Sessions that a run holds at once are served at once.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace relayproof::run::test {

/// What a session has said so far.
struct Talk {
  int number = 0;                       ///< of sessions before this one
  std::string source;                   ///< the client's address
  std::string mailFrom;                 ///< of the transaction
  std::vector<std::string> recipients;  ///< of the transaction, the last one waits for its reply at "rcpt"

  bool from(std::string_view localPart) const { return mailFrom.starts_with(std::string(localPart) + "@"); }
};

/// The reply to "connect", "mail", "rcpt" or "end-of-data", without its CRLF. After a 421 the session ends. Empty:
/// the connection is closed without a word. kGone: so it is, and nobody listens any more. kMute: it stays, unanswered.
/// Behind kLast: it is said, and nobody listens any more.
using Answers = std::function<std::string(const Talk&, std::string_view)>;
inline const std::string kGone = "gone";
inline const std::string kMute = "mute";
inline const std::string kLast = "last ";

class PlainRelay {
 public:
  /// `port`: of one that went away; 0: any free one.
  explicit PlainRelay(Answers answers, unsigned short port = 0) : answers_(std::move(answers)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int again = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 128) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("cannot listen on 127.0.0.1");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  PlainRelay(const PlainRelay&) = delete;
  PlainRelay& operator=(const PlainRelay&) = delete;
  ~PlainRelay() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    for (std::thread& talk : talks_) talk.join();
    close(listener_);
  }

  unsigned short port() const { return port_; }
  int sessions() const { return sessions_; }
  int ended() const { return ended_; }

 private:
  struct Session {
    PlainRelay& relay;
    int fd;
    Talk talk;
    std::string incoming = {};

    void converse() {
      if (!say(relay.answers_(talk, "connect"))) return;
      for (std::string line; hear(line);) {
        bool more = true;
        if (line.starts_with("EHLO")) {
          more = say("250 plain.test");
        } else if (line.starts_with("MAIL FROM:<")) {
          talk.mailFrom = path(line);
          talk.recipients.clear();
          more = say(relay.answers_(talk, "mail"));
        } else if (line.starts_with("RCPT TO:<")) {
          talk.recipients.push_back(path(line));
          more = say(relay.answers_(talk, "rcpt"));
        } else if (line == "DATA") {
          more = say("354 go on");
          while (more && line != ".") more = hear(line);
          more = more && say(relay.answers_(talk, "end-of-data"));
        } else if (line == "QUIT") {
          say("221 bye");
          return;
        } else {
          more = say("250 ok");
        }
        if (!more) return;
      }
    }

    static std::string path(const std::string& line) {
      const auto begin = line.find('<') + 1;
      return line.substr(begin, line.find('>') - begin);
    }

    bool hear(std::string& line) {
      for (std::size_t end; (end = incoming.find("\r\n")) == std::string::npos;) {
        std::array<char, 4096> octets{};
        const ssize_t got = recv(fd, octets.data(), octets.size(), 0);
        if (got <= 0) return false;
        incoming.append(octets.data(), static_cast<std::size_t>(got));
      }
      const auto end = incoming.find("\r\n");
      line = incoming.substr(0, end);
      incoming.erase(0, end + 2);
      return true;
    }

    bool say(const std::string& reply) {
      if (reply == kGone || reply.starts_with(kLast)) {
        relay.stopping_ = true;
        shutdown(relay.listener_, SHUT_RDWR);
      }
      if (reply.empty() || reply == kGone) return false;
      if (reply == kMute) return true;
      const std::string octets = reply.substr(reply.starts_with(kLast) ? kLast.size() : 0) + "\r\n";
      return send(fd, octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size()) &&
             !reply.starts_with("421");
    }
  };

  void serve() {
    while (!stopping_) {
      sockaddr_in peer{};
      socklen_t size = sizeof peer;
      const int fd = accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      timeval longest{10, 0};
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
      std::array<char, INET_ADDRSTRLEN> text{};
      inet_ntop(AF_INET, &peer.sin_addr, text.data(), text.size());
      talks_.emplace_back([this, fd, talk = Talk{sessions_++, text.data(), {}, {}}] {
        Session{*this, fd, talk}.converse();
        close(fd);
        ++ended_;
      });
    }
  }

  Answers answers_;
  int listener_ = -1;
  unsigned short port_ = 0;
  std::atomic<int> sessions_ = 0, ended_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> talks_;
  std::thread thread_;
};

}  // namespace relayproof::run::test
