// What a session costs beside the TLS handshake in it: sessions a second of the player against a server in this
// process, next to bare TLS 1.3 mutual handshakes in memory. Both have two threads, and both ends verify.
#include <benchmark/benchmark.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <utility>

#include "conformance/session/connection.h"
#include "conformance/session/player.h"
#include "conformance/session/scripted_server.h"
#include "conformance/session/sink_dialogue.h"
#include "conformance/session/tls.h"

namespace relayproof::session {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kIdentities = 50;
constexpr std::size_t kConcurrency = 16;

X509* parsed(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return d2i_X509(nullptr, &at, static_cast<long>(der.size()));
}

/// A server's context that asks for a certificate and trusts these identities.
Context serverContext(const Identity& own, const std::vector<std::shared_ptr<const Identity>>& trusted) {
  Context context(SSL_CTX_new(TLS_server_method()));
  X509* certificate = parsed(own.chain[0]);
  SSL_CTX_use_certificate(context.get(), certificate);
  X509_free(certificate);
  const auto* at = reinterpret_cast<const unsigned char*>(own.key.data());
  EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(own.key.size()));
  SSL_CTX_use_PrivateKey(context.get(), key);
  EVP_PKEY_free(key);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  for (const auto& identity : trusted) {
    X509* anchor = parsed(identity->chain[0]);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), anchor);
    X509_free(anchor);
  }
  return context;
}

/// The sink's dialogue with STARTTLS before it.
class Relay {
 public:
  explicit Relay(SSL_CTX* context)
      : context_(context), acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Relay() {
    io_.stop();
    thread_.join();
  }
  unsigned short port() const { return acceptor_.local_endpoint().port(); }

 private:
  asio::awaitable<void> accept() {
    while (true) {
      boost::system::error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error) asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    socket.set_option(tcp::no_delay(true));
    Connection connection(boost::beast::tcp_stream(std::move(socket)), std::chrono::seconds(20),
                          Clock::now() + std::chrono::minutes(2));
    SinkDialogue dialogue;
    std::string heard;
    co_await connection.send("220 relay.test\r\n");
    if (co_await connection.receive(heard) != Wire::ok) co_return;
    co_await connection.send("250-relay.test\r\n250 STARTTLS\r\n");
    if (co_await connection.receive(heard) != Wire::ok) co_return;
    co_await connection.send("220 go\r\n");
    std::string clear;
    if (co_await connection.handshake(Tls::server(context_), clear) != Wire::ok) co_return;
    while (!dialogue.finished()) {
      heard.clear();
      if (co_await connection.receive(heard) != Wire::ok) co_return;
      const std::string replies = dialogue.hear(heard);
      if (!replies.empty()) co_await connection.send(replies);
    }
    connection.close();
  }

  SSL_CTX* context_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

void handshakeInMemory(SSL_CTX* client, SSL_CTX* server) {
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

/// Of the whole process, in seconds: what other programs on the machine take away does not count.
double processorTime() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The argument is how often each identity is presented before the next one.
void sessionsPerHandshake(benchmark::State& state) {
  const Identity own = scripted::selfSigned("relay.test");
  std::vector<std::shared_ptr<const Identity>> identities;
  for (std::size_t at = 0; at < kIdentities; ++at) {
    identities.push_back(
        std::make_shared<const Identity>(scripted::selfSigned("client" + std::to_string(at) + ".test")));
  }
  const Context server = serverContext(own, identities);
  std::vector<Job> jobs;
  for (const auto& identity : identities) {
    for (std::int64_t use = 0; use < state.range(0); ++use) {
      Job job;
      job.identity = identity;
      job.steps = wire::plainDialogue("client.test", true, 1);
      job.transactions = {{"a@b.test", "", {"c@d.test"}, "Subject: x\r\n\r\nbody\r\n", false}};
      jobs.push_back(job);
    }
  }
  Relay relay(server.get());
  Target target;
  target.host = "127.0.0.1";
  target.port = relay.port();
  target.serverAnchors = {own.chain[0]};

  double sessionSeconds = 0;
  double handshakeSeconds = 0;
  double sessionProcessor = 0;
  double handshakeProcessor = 0;
  std::size_t rounds = 0;
  for (auto _ : state) {
    Clock::time_point start = Clock::now();
    double processor = processorTime();
    Player player(target);
    player.run(
        jobs, kConcurrency,
        [](std::size_t, Record record) {
          if (record.end != End::completed || record.transactions[0].endOfData->code != 250) std::abort();
        },
        [] { return false; });
    const double seconds = since(start);
    sessionSeconds += seconds;
    sessionProcessor += processorTime() - processor;
    state.SetIterationTime(seconds);

    const auto half = [&] {
      Contexts contexts(target);
      for (std::size_t at = 0; at < jobs.size() / 2; ++at) handshakeInMemory(*contexts.of(identities[0]), server.get());
    };
    start = Clock::now();
    processor = processorTime();
    std::thread other(half);
    half();
    other.join();
    handshakeSeconds += since(start);
    handshakeProcessor += processorTime() - processor;
    ++rounds;
  }
  const double count = static_cast<double>(rounds * jobs.size());
  state.counters["sessions/s"] = count / sessionSeconds;
  state.counters["handshakes/s"] = count / handshakeSeconds;
  state.counters["ratio"] = handshakeSeconds / sessionSeconds;
  state.counters["processor ratio"] = handshakeProcessor / sessionProcessor;
  state.counters["ms a session"] = 1000 * sessionProcessor / count;
}
BENCHMARK(sessionsPerHandshake)->Arg(2)->Arg(10)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(3);

}  // namespace
}  // namespace relayproof::session
