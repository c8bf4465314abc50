// One TCP connection that can turn into TLS where it stands, over a Beast stream: every wait has an end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "conformance/session/tls.h"

namespace relayproof::session {

namespace asio = boost::asio;

/// How a wait for octets ended.
enum class Wire { ok, closed, timeout, fault };

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  /// Each wait ends after `wait`, all of them at `end`.
  Connection(boost::beast::tcp_stream stream, std::chrono::seconds wait, Clock::time_point end);

  /// Empty, or why not. An empty source leaves the choice of our address to the system. A stream that is open already
  /// stays connected as it is.
  asio::awaitable<std::string> connect(std::string source, asio::ip::tcp::endpoint endpoint);
  std::string localAddress();

  /// From here on octets are TLS. What came in the clear although TLS was due is left out and appended to `clear`.
  asio::awaitable<Wire> handshake(std::unique_ptr<Tls> tls, std::string& clear);

  /// Another handshake within TLS 1.2. What the relay says before it is left for receive().
  asio::awaitable<Wire> renegotiate(const Presented& as);
  void presentFromNowOn(const Presented& as) { tls_->presentFromNowOn(as); }

  /// In one segment where they fit. A write that fails says so in the next receive(), which first hands out what the
  /// peer said before it went: there stands its reason.
  asio::awaitable<void> send(std::string_view octets);

  /// Appends at least one octet, or says why not.
  asio::awaitable<Wire> receive(std::string& plain);

  /// Appends what is there already. Ends are left to receive().
  void drain(std::string& plain);

  asio::awaitable<void> halfClose();

  /// At once; TLS says goodbye where that does not wait.
  void close();

  const Tls* tls() const { return tls_.get(); }
  /// Why the last wait did not end well, in words for a person.
  const std::string& why() const { return why_; }

 private:
  asio::awaitable<std::string> open(std::string source, asio::ip::tcp::endpoint endpoint);
  void expire();
  void acknowledge();
  asio::awaitable<void> write(std::string octets);
  asio::awaitable<Wire> readSome();
  Wire decrypt(std::string& plain);
  Wire ended(boost::system::error_code error);

  boost::beast::tcp_stream stream_;
  std::chrono::seconds wait_;
  Clock::time_point end_;
  std::unique_ptr<Tls> tls_;
  std::string incoming_;  ///< as read from the socket, not yet handed on
  bool heardLast_ = false;
  bool timedOut_ = false;
  std::string why_;
};

}  // namespace relayproof::session
