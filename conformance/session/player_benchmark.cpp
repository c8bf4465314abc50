// What a session costs beside the TLS handshake in it: sessions a second of the player against a server in this
// process, next to bare TLS 1.3 mutual handshakes. All have two threads, and both ends verify.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <thread>
#include <utility>

#include "conformance/session/bare_handshakes.h"
#include "conformance/session/player.h"
#include "conformance/session/scripted_server.h"
#include "conformance/session/sink_dialogue.h"

namespace relayproof::session {
namespace {

using asio::ip::tcp;

constexpr std::size_t kIdentities = 50;
constexpr std::size_t kConcurrency = 16;

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
                          Connection::Clock::now() + std::chrono::minutes(2));
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

/// The argument is how often each identity is presented before the next one.
void sessionsPerHandshake(benchmark::State& state) {
  const Identity own = scripted::selfSigned("relay.test");
  std::vector<std::shared_ptr<const Identity>> identities;
  for (std::size_t at = 0; at < kIdentities; ++at) {
    identities.push_back(
        std::make_shared<const Identity>(scripted::selfSigned("client" + std::to_string(at) + ".test")));
  }
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
  Target target;
  target.host = "127.0.0.1";
  target.serverAnchors = {own.chain[0]};

  std::vector<std::string> anchors;
  for (const auto& identity : identities) anchors.push_back(identity->chain[0]);
  const Context server = serverContext(own, anchors);
  Relay relay(server.get());
  target.port = relay.port();
  bare::Cost sessions, inMemory, overSockets;
  for (auto _ : state) {
    const bare::Cost now = bare::costOf([&] {
      Player player(target);
      player.run(
          jobs, kConcurrency,
          [](std::size_t, Record record) {
            if (record.end != End::completed || record.transactions[0].endOfData->code != 250) std::abort();
          },
          [] { return false; });
    });
    sessions += now;
    state.SetIterationTime(now.wall);
    Contexts contexts(target);
    const Presented client = *contexts.of(identities[0]);
    inMemory += bare::costOf([&] { bare::inMemory(client, server.get(), jobs.size()); });
    overSockets += bare::costOf([&] { bare::overSockets(client, server.get(), jobs.size(), kConcurrency); });
  }
  bare::count(state, jobs.size(), sessions, inMemory, overSockets);
}
BENCHMARK(sessionsPerHandshake)->Arg(2)->Arg(10)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(3);

}  // namespace
}  // namespace relayproof::session
