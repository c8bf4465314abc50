// Plays a HostileScript at one end of a pair of sockets, a step at a time, in the thread of whoever plays the client.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "conformance/session/server_context.h"
#include "conformance/session/tls.h"
#include "fuzz/hostile_script.h"

namespace relayproof::fuzz {

class HostileServer {
 public:
  /// Takes over the socket, which never blocks.
  HostileServer(int socket, const HostileScript& script, const session::Identity& own)
      : socket_(socket), steps_(script.steps), own_(own) {}
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer() { hangUp(); }

  /// False where it has nothing to do before the client says more.
  bool act() {
    if (at_ == steps_.size() || socket_ < 0) return false;
    const HostileScript::Step& step = steps_[at_];
    switch (step.act) {
      case HostileScript::Act::say:
        say(step.octets);
        break;
      case HostileScript::Act::dribble:
        if (dribbled_ < step.octets.size()) {
          say(step.octets.substr(dribbled_++, 1));
          slow_ = true;
          return true;
        }
        slow_ = false;
        dribbled_ = 0;
        break;
      case HostileScript::Act::flood:
        if (step.octets.empty()) break;
        say(many(step.octets));
        return true;
      case HostileScript::Act::hear:
        if (!hear(step.octets)) return false;
        break;
      case HostileScript::Act::tls:
        if (!shakeHands(step.octets.empty() ? '\0' : step.octets.front())) return false;
        break;
      case HostileScript::Act::leaveTls:
        tls_.reset();
        break;
      case HostileScript::Act::garble:
        garble_ = step.octets.empty() ? 0 : static_cast<unsigned char>(step.octets.front());
        break;
      case HostileScript::Act::halfClose:
        ::shutdown(socket_, SHUT_WR);
        closed_ = true;
        break;
      case HostileScript::Act::close:
        hangUp();
        closed_ = true;
        break;
    }
    ++at_;
    return true;
  }

  bool slow() const { return slow_; }      ///< the next octet is due just before the client loses its patience
  bool closed() const { return closed_; }  ///< its side of the connection, or all of it
  /// What it said over TLS that is in use on both sides.
  const std::string& saidOverTls() const { return saidOverTls_; }

 private:
  static constexpr std::size_t kAtOnce = 4096;
  static constexpr int kIntact = -1;
  static constexpr int kHow = 15;  // the bits of HostileScript::Handshake

  static std::string many(const std::string& octets) {
    std::string all = octets;
    while (all.size() < kAtOnce) all += octets;
    return all;
  }

  void say(const std::string& octets) {
    if (tls_ == nullptr || !open_) return write(octets);
    tls_->write(octets);
    saidOverTls_ += octets;
    write(tls_->takeOutput());
  }

  /// What does not go into the socket is lost, as it would be if the client went away.
  void write(std::string octets) {
    if (octets.empty()) return;
    if (garble_ != kIntact) octets[static_cast<std::size_t>(std::exchange(garble_, kIntact)) % octets.size()] ^= 0x41;
    (void)!::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  std::string readAll() {
    std::array<char, 8192> chunk;
    std::string octets;
    for (ssize_t size = 0; (size = ::recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT)) > 0;)
      octets.append(chunk.data(), static_cast<std::size_t>(size));
    return octets;
  }

  bool hear(const std::string& octets) {
    const std::string read = readAll();
    if (tls_ != nullptr && open_) {
      tls_->feed(read);
      tls_->read(heard_);
    } else {
      heard_ += read;
    }
    const std::size_t at = heard_.find(octets);
    if (at == std::string::npos || heard_.empty()) return false;
    heard_.erase(0, at + octets.size());
    return true;
  }

  /// Made once for each way of asking.
  static SSL_CTX* contextOf(const session::Identity& own, unsigned char how) {
    static std::map<unsigned char, session::Context> contexts;
    session::Context& context = contexts[how];
    if (context != nullptr) return context.get();
    context = session::serverContext(own, {});
    const auto accepts = [](X509_STORE_CTX*, void*) { return 1; };
    const auto rejects = [](X509_STORE_CTX*, void*) { return 0; };
    int mode = SSL_VERIFY_NONE;
    if ((how & HostileScript::kAsks) != 0) mode = SSL_VERIFY_PEER;
    if ((how & HostileScript::kDemands) != 0) mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context.get(), mode, nullptr);
    SSL_CTX_set_cert_verify_callback(context.get(), (how & HostileScript::kRejects) != 0 ? rejects : accepts, nullptr);
    if ((how & HostileScript::kVersion12) != 0) SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    return context.get();
  }

  /// True when there is no more of it to come.
  bool shakeHands(char how) {
    if (tls_ == nullptr) {
      tls_ = session::Tls::server(contextOf(own_, static_cast<unsigned char>(how & kHow)));
      open_ = false;
      tls_->feed(std::exchange(heard_, {}));
    }
    tls_->feed(readAll());
    const session::Tls::State state = tls_->handshake();
    write(tls_->takeOutput());
    open_ = state == session::Tls::State::open;
    if (state == session::Tls::State::failed || state == session::Tls::State::closed) tls_.reset();
    return state != session::Tls::State::handshaking;
  }

  void hangUp() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  int socket_;
  const std::vector<HostileScript::Step>& steps_;
  const session::Identity& own_;
  std::size_t at_ = 0, dribbled_ = 0;
  std::unique_ptr<session::Tls> tls_;
  int garble_ = kIntact;
  bool open_ = false, slow_ = false, closed_ = false;
  std::string heard_, saidOverTls_;
};

}  // namespace relayproof::fuzz
