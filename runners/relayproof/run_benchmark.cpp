// What the whole run costs beside the TLS handshakes in it: sessions a second of the runner against the reference relay
// in this process, next to bare TLS 1.3 mutual handshakes in memory with the same certificates. Both have two threads.
#include <benchmark/benchmark.h>
#include <openssl/ssl.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <thread>
#include <variant>

#include "conformance/run/run.h"
#include "conformance/run/schedule.h"
#include "conformance/session/sink.h"
#include "runners/reference/relay.h"

namespace relayproof {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }
double processorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Free {
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
  void operator()(SSL* p) const { SSL_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<X509> certificate(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Owned<X509>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

/// One end that presents a chain and wants a verified one of its peer.
Owned<SSL_CTX> context(const SSL_METHOD* method, const certs::Fixture& fixture, const std::string& anchor) {
  Owned<SSL_CTX> made(SSL_CTX_new(method));
  SSL_CTX_use_certificate(made.get(), certificate(fixture.chain[0]).get());
  for (std::size_t i = 1; i < fixture.chain.size(); ++i)
    SSL_CTX_add1_chain_cert(made.get(), certificate(fixture.chain[i]).get());
  const auto* at = reinterpret_cast<const unsigned char*>(fixture.key.data());
  const Owned<EVP_PKEY> key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(fixture.key.size())));
  SSL_CTX_use_PrivateKey(made.get(), key.get());
  X509_STORE_add_cert(SSL_CTX_get_cert_store(made.get()), certificate(anchor).get());
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_session_cache_mode(made.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(made.get(), 0);
  return made;
}

void handshake(SSL_CTX* client, SSL_CTX* server) {
  const Owned<SSL> near(SSL_new(client));
  const Owned<SSL> far(SSL_new(server));
  BIO* nearWire = nullptr;
  BIO* farWire = nullptr;
  BIO_new_bio_pair(&nearWire, 0, &farWire, 0);
  SSL_set_bio(near.get(), nearWire, nearWire);
  SSL_set_bio(far.get(), farWire, farWire);
  SSL_set_connect_state(near.get());
  SSL_set_accept_state(far.get());
  for (int turns = 0; turns < 20 && !(SSL_is_init_finished(near.get()) && SSL_is_init_finished(far.get())); ++turns) {
    SSL_do_handshake(near.get());
    SSL_do_handshake(far.get());
  }
  if (!SSL_is_init_finished(far.get())) std::abort();
}

void wholeRunPerHandshake(benchmark::State& state) {
  const std::string corpus = RELAYPROOF_SOURCE_DIR "/corpus";
  const catalogue::Catalogue catalogue = catalogue::load(corpus).value();
  const certs::Mint mint = readDocumentFile(corpus + "/blueprints/authorities.json", [](const Node& root) {
                             return certs::Mint(root, 0);
                           }).value();
  const auto selected = catalogue::select(catalogue, {}).value();
  const auto controls = run::controlsOf(catalogue, {});
  std::vector<const catalogue::Case*> all = selected;
  all.insert(all.end(), controls.begin(), controls.end());
  const Json plan = catalogue::plan(catalogue, all, mint, {}, "exo-2017");
  const std::size_t sessions = run::schedule(catalogue, selected, controls, "exo-2017", run::kBatchSize).sessions();

  const Json blueprint = {{"dns", {"mail.contoso.test"}}};
  const certs::Fixture fixture = mint.issue("benchmark", Node(blueprint, "benchmark", ""));
  const Owned<SSL_CTX> client = context(TLS_client_method(), fixture, mint.trustAnchors()[0]);
  const Owned<SSL_CTX> server = context(TLS_server_method(), fixture, mint.trustAnchors()[0]);

  double runSeconds = 0, handshakeSeconds = 0, runProcessor = 0, handshakeProcessor = 0;
  for (auto _ : state) {
    session::Sink nextHop("127.0.0.1:0"), localHop("127.0.0.1:0");
    reference::Options options;
    options.tenancy = plan.dump();
    options.nextHop = nextHop.address();
    options.localHop = localHop.address();
    auto started = reference::Relay::start(options);
    const auto& relay = std::get<0>(started);
    run::Setup setup;
    setup.target = "127.0.0.1:" + std::to_string(relay->port());
    run::Request request{catalogue,
                         mint,
                         readDocument(plan.dump(), "plan", verdict::readTenancy).value(),
                         catalogue.profiles.front(),
                         setup,
                         run::targetOf(setup).value(),
                         selected,
                         controls};
    request.jobs = 8;
    run::Surroundings surroundings;
    surroundings.now = [] {
      return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    };
    surroundings.sleep = [](double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); };
    surroundings.stop = [] { return false; };
    surroundings.finished = [](const result::CaseResult&) {};
    surroundings.nextHop = &nextHop;
    surroundings.localHop = &localHop;

    Clock::time_point start = Clock::now();
    double processor = processorSeconds();
    const result::Report report = run::run(request, surroundings, {});
    runSeconds += secondsSince(start);
    runProcessor += processorSeconds() - processor;
    if (result::summarise(report).outcomes[result::Outcome::fail] != 0) std::abort();

    const auto half = [&] {
      for (std::size_t i = 0; i < sessions / 2; ++i) handshake(client.get(), server.get());
    };
    start = Clock::now();
    processor = processorSeconds();
    std::thread other(half);
    half();
    other.join();
    handshakeSeconds += secondsSince(start);
    handshakeProcessor += processorSeconds() - processor;
  }
  const double count = static_cast<double>(sessions) * static_cast<double>(state.iterations());
  state.counters["sessions/s"] = count / runSeconds;
  state.counters["handshakes/s"] = count / handshakeSeconds;
  state.counters["ratio"] = handshakeSeconds / runSeconds;
  state.counters["processor ratio"] = handshakeProcessor / runProcessor;
}
BENCHMARK(wholeRunPerHandshake)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace relayproof
