#include "conformance/session/connection.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <utility>

#include "conformance/wire/escape.h"

namespace relayproof::session {
namespace {

namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kChunk = 8192;
constexpr std::size_t kMostClear = 1 << 16;  // octets
constexpr std::size_t kMostDrained = 16;     // chunks

/// Best effort: a system without the option does without.
void switchOn(tcp::socket& socket, int level, int option) {
  const int on = 1;
  setsockopt(socket.native_handle(), level, option, &on, sizeof on);
}

bool startsTlsRecord(std::string_view octets) {
  constexpr char kFirstType = 20, kLastType = 23, kMajorVersion = 3;
  return octets[0] >= kFirstType && octets[0] <= kLastType && (octets.size() == 1 || octets[1] == kMajorVersion);
}

std::string text(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                    : fmt::format("{}:{}", address, endpoint.port());
}

}  // namespace

Connection::Connection(beast::tcp_stream stream, std::chrono::seconds wait, Clock::time_point end)
    : stream_(std::move(stream)), wait_(wait), end_(end) {}

asio::awaitable<std::string> Connection::connect(std::string source, tcp::endpoint endpoint) {
  tcp::socket& socket = stream_.socket();
  error_code error;
  if (!socket.is_open()) {
    std::string fault = co_await open(std::move(source), endpoint);
    if (!fault.empty()) co_return fault;
  }
  socket.set_option(tcp::no_delay(true), error);
  socket.non_blocking(true, error);
  co_return std::string();
}

asio::awaitable<std::string> Connection::open(std::string source, tcp::endpoint endpoint) {
  tcp::socket& socket = stream_.socket();
  error_code error;
  socket.open(endpoint.protocol(), error);
  if (error) co_return fmt::format("cannot open a socket: {}", error.message());
  if (!source.empty()) {
    const asio::ip::address address = asio::ip::make_address(source, error);
    // The port is chosen at connect(), where all that matters is that the pair of ends is new: thousands of sessions
    // from one address then find one.
    switchOn(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    if (!error) socket.bind(tcp::endpoint(address, 0), error);
    if (error) co_return fmt::format("cannot bind the client address {}: {}", source, error.message());
  }
  expire();
  co_await stream_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  if (error == beast::error::timeout) co_return fmt::format("cannot connect to {}: no answer", text(endpoint));
  if (error) co_return fmt::format("cannot connect to {}: {}", text(endpoint), error.message());
  co_return std::string();
}

std::string Connection::localAddress() {
  error_code error;
  return stream_.socket().local_endpoint(error).address().to_string();
}

asio::awaitable<Wire> Connection::handshake(std::unique_ptr<Tls> tls, std::string& clear) {
  tls_ = std::move(tls);
  bool first = true;
  while (true) {
    const Tls::State state = tls_->handshake();
    co_await write(tls_->takeOutput());
    if (state == Tls::State::open) co_return Wire::ok;
    if (state != Tls::State::handshaking) {
      why_ = tls_->why();
      co_return Wire::fault;
    }
    const Wire read = co_await readSome();
    if (read != Wire::ok) co_return read;
    std::string_view octets = incoming_;
    if (clear.size() > kMostClear) {
      why_ = fmt::format("instead of TLS came more than {} octets in the clear", kMostClear);
      co_return Wire::fault;
    }
    while (first && !octets.empty() && !startsTlsRecord(octets)) {
      clear += octets.front();
      octets.remove_prefix(1);
    }
    first = first && octets.empty();
    tls_->feed(octets);
    incoming_.clear();
  }
}

asio::awaitable<Wire> Connection::renegotiate(const Presented& as) {
  tls_->renegotiate(as);
  while (true) {
    const Tls::State state = tls_->handshake();
    co_await write(tls_->takeOutput());
    if (state == Tls::State::open) co_return Wire::ok;
    if (state != Tls::State::handshaking) {
      why_ = tls_->why();
      co_return Wire::fault;
    }
    const Wire read = co_await readSome();
    if (read != Wire::ok) co_return read;
    tls_->feed(std::exchange(incoming_, std::string()));
  }
}

asio::awaitable<void> Connection::send(std::string_view octets) {
  if (tls_ == nullptr) {
    co_await write(std::string(octets));
  } else {
    tls_->write(octets);
    co_await write(tls_->takeOutput());
  }
}

asio::awaitable<Wire> Connection::receive(std::string& plain) {
  const std::size_t before = plain.size();
  while (true) {
    const Wire state = decrypt(plain);
    if (plain.size() > before) co_return Wire::ok;
    if (state != Wire::ok) co_return state;
    // An answer that TLS itself gives: a key update, a refused renegotiation.
    if (tls_ != nullptr) {
      std::string answer = tls_->takeOutput();
      if (!answer.empty()) co_await write(std::move(answer));
    }
    const Wire read = co_await readSome();
    if (read != Wire::ok) co_return read;
  }
}

void Connection::drain(std::string& plain) {
  error_code error;
  // A peer that writes as fast as we read would keep us here.
  for (std::size_t chunks = 0; !error && chunks < kMostDrained; ++chunks) {
    std::array<char, kChunk> chunk;
    const std::size_t size = stream_.socket().read_some(asio::buffer(chunk), error);
    incoming_.append(chunk.data(), size);
  }
  decrypt(plain);
}

asio::awaitable<void> Connection::halfClose() {
  if (tls_ != nullptr) {
    tls_->sayGoodbye();
    co_await write(tls_->takeOutput());
  }
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

void Connection::close() {
  error_code ignored;
  if (tls_ != nullptr && stream_.socket().is_open()) {
    tls_->sayGoodbye();
    const std::string goodbye = tls_->takeOutput();
    stream_.socket().write_some(asio::buffer(goodbye), ignored);
  }
  stream_.socket().close(ignored);
}

void Connection::expire() { stream_.expires_at(std::min(end_, Clock::now() + wait_)); }

/// A peer under Nagle's algorithm holds its next segment back until the last one is acknowledged, which we would
/// otherwise put off by 40 ms when we have nothing to say.
void Connection::acknowledge() { switchOn(stream_.socket(), IPPROTO_TCP, TCP_QUICKACK); }

asio::awaitable<void> Connection::write(std::string octets) {
  if (octets.empty()) co_return;
  heardLast_ = false;
  expire();
  error_code error;
  co_await asio::async_write(stream_, asio::buffer(octets), asio::redirect_error(asio::use_awaitable, error));
  timedOut_ = timedOut_ || error == beast::error::timeout;
}

asio::awaitable<Wire> Connection::readSome() {
  if (timedOut_) co_return ended(beast::error::timeout);
  if (heardLast_) acknowledge();
  expire();
  const std::size_t held = incoming_.size();
  incoming_.resize(held + kChunk);
  error_code error;
  const std::size_t size = co_await stream_.async_read_some(asio::buffer(incoming_.data() + held, kChunk),
                                                            asio::redirect_error(asio::use_awaitable, error));
  incoming_.resize(held + size);
  heardLast_ = true;
  co_return size > 0 ? Wire::ok : ended(error);
}

/// Moves what came on to `plain`.
Wire Connection::decrypt(std::string& plain) {
  const std::string octets = std::exchange(incoming_, std::string());
  if (tls_ == nullptr) {
    plain += octets;
    return Wire::ok;
  }
  if (!octets.empty()) tls_->feed(octets);
  switch (tls_->read(plain)) {
    case Tls::State::handshaking:
    case Tls::State::open:
      return Wire::ok;
    case Tls::State::closed:
      return ended(asio::error::eof);
    case Tls::State::failed:
      break;
  }
  why_ = tls_->why();
  if (!octets.empty() && !startsTlsRecord(octets)) why_ += ", instead of TLS came: " + wire::excerpt(octets, 200);
  return Wire::fault;
}

Wire Connection::ended(error_code error) {
  if (error == beast::error::timeout) {
    timedOut_ = true;
    why_ = Clock::now() >= end_ ? std::string("the session takes longer than all its waits may")
                                : fmt::format("nothing came for {} s", wait_.count());
    return Wire::timeout;
  }
  why_ = error == asio::error::eof ? std::string("the relay closed the connection")
                                   : "the relay broke the connection: " + error.message();
  return Wire::closed;
}

}  // namespace relayproof::session
