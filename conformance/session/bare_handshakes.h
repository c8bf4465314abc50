// The peer that benchmarks hold sessions against: bare TLS 1.3 mutual handshakes on two threads, in memory (each thread
// is both ends) and over loopback sockets (one thread connects, the other accepts).
#pragma once

#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <utility>

#include "conformance/session/connection.h"
#include "conformance/session/player.h"
#include "conformance/session/server_context.h"
#include "conformance/session/tls.h"

namespace relayproof::session::bare {

/// What something took: by the clock, and of the processor, all threads together. In seconds.
struct Cost {
  double wall = 0, processor = 0;
  Cost& operator+=(const Cost& other) {
    wall += other.wall;
    processor += other.processor;
    return *this;
  }
};

template <class Work>
Cost costOf(Work work) {
  const auto start = Connection::Clock::now();
  const std::clock_t processor = std::clock();
  work();
  return {std::chrono::duration<double>(Connection::Clock::now() - start).count(),
          static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC};
}

inline void inMemoryOnce(const Presented& client, SSL_CTX* server) {
  const std::unique_ptr<Tls> near = Tls::client(client, "1.3", std::nullopt);
  const std::unique_ptr<Tls> far = Tls::server(server);
  Tls::State nearState = Tls::State::handshaking;
  Tls::State farState = Tls::State::handshaking;
  while (nearState == Tls::State::handshaking || farState == Tls::State::handshaking) {
    nearState = near->handshake();
    far->feed(near->takeOutput());
    farState = far->handshake();
    near->feed(far->takeOutput());
  }
  if (nearState != Tls::State::open || farState != Tls::State::open) std::abort();
}

inline void inMemory(const Presented& client, SSL_CTX* server, std::size_t count) {
  const auto half = [&] {
    for (std::size_t at = 0; at < count / 2; ++at) inMemoryOnce(client, server);
  };
  std::thread other(half);
  half();
  other.join();
}

inline asio::awaitable<void> acceptOne(asio::ip::tcp::socket socket, SSL_CTX* context) {
  socket.set_option(asio::ip::tcp::no_delay(true));
  Connection connection(boost::beast::tcp_stream(std::move(socket)), std::chrono::seconds(20),
                        Connection::Clock::now() + std::chrono::minutes(2));
  std::string octets;
  if (co_await connection.handshake(Tls::server(context), octets) != Wire::ok) std::abort();
  co_await connection.receive(octets);
}

inline asio::awaitable<void> acceptAll(asio::ip::tcp::acceptor& acceptor, SSL_CTX* context, std::size_t count) {
  while (count-- > 0)
    asio::co_spawn(acceptor.get_executor(), acceptOne(co_await acceptor.async_accept(asio::use_awaitable), context),
                   asio::detached);
}

inline asio::awaitable<void> connectOneByOne(asio::ip::tcp::endpoint endpoint, Presented client, std::size_t& left) {
  while (left > 0) {
    --left;
    Connection connection(boost::beast::tcp_stream(co_await asio::this_coro::executor), std::chrono::seconds(20),
                          Connection::Clock::now() + std::chrono::minutes(2));
    std::string clear;
    if (!(co_await connection.connect("", endpoint)).empty()) std::abort();
    if (co_await connection.handshake(Tls::client(client, "1.3", std::nullopt), clear) != Wire::ok) std::abort();
    connection.close();
  }
}

inline void overSockets(const Presented& client, SSL_CTX* server, std::size_t count, std::size_t concurrency) {
  asio::io_context here(1), there(1);
  asio::ip::tcp::acceptor acceptor(there, {asio::ip::address_v4::loopback(), 0});
  asio::co_spawn(there, acceptAll(acceptor, server, count), asio::detached);
  std::thread other([&] { there.run(); });
  std::size_t left = count;
  for (std::size_t at = 0; at < concurrency; ++at)
    asio::co_spawn(here, connectOneByOne(acceptor.local_endpoint(), client, left), asio::detached);
  here.run();
  other.join();
}

/// Shares of the handshakes' speed that sessions reach, `each` of all of them an iteration.
inline void count(benchmark::State& state, std::size_t each, const Cost& sessions, const Cost& inMemory,
                  const Cost& overSockets) {
  const double all = static_cast<double>(each) * static_cast<double>(state.iterations());
  state.counters["sessions/s"] = all / sessions.wall;
  state.counters["in memory/s"] = all / inMemory.wall;
  state.counters["over sockets/s"] = all / overSockets.wall;
  state.counters["of in memory"] = inMemory.wall / sessions.wall;
  state.counters["of over sockets"] = overSockets.wall / sessions.wall;
  state.counters["processor of in memory"] = inMemory.processor / sessions.processor;
  state.counters["processor of over sockets"] = overSockets.processor / sessions.processor;
}

}  // namespace relayproof::session::bare
