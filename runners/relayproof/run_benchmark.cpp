// What the whole run costs beside the TLS handshakes in it: sessions a second of the runner against the reference relay
// in this process, next to bare TLS 1.3 mutual handshakes with the same certificates. All have two threads.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <variant>

#include "conformance/run/run.h"
#include "conformance/run/schedule.h"
#include "conformance/session/bare_handshakes.h"
#include "conformance/session/sink.h"
#include "runners/reference/relay.h"

namespace relayproof {
namespace {

namespace bare = session::bare;

constexpr std::size_t kJobs = 8;

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
  const auto identity =
      std::make_shared<const session::Identity>(session::Identity{fixture.id, fixture.chain, fixture.key});
  session::Target verifying;
  verifying.serverAnchors = mint.trustAnchors();
  session::Contexts contexts(verifying);
  SSL_CTX* client = *contexts.of(identity);
  const session::Context server = session::serverContext(*identity, mint.trustAnchors());

  bare::Cost runs, inMemory, overSockets;
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
    request.jobs = kJobs;
    run::Surroundings surroundings;
    surroundings.now = [] {
      return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    };
    surroundings.sleep = [](double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); };
    surroundings.stop = [] { return false; };
    surroundings.finished = [](const result::CaseResult&) {};
    surroundings.nextHop = &nextHop;
    surroundings.localHop = &localHop;

    result::Report report;
    runs += bare::costOf([&] { report = run::run(request, surroundings, {}); });
    if (result::summarise(report).outcomes[result::Outcome::fail] != 0) std::abort();
    inMemory += bare::costOf([&] { bare::inMemory(client, server.get(), sessions); });
    overSockets += bare::costOf([&] { bare::overSockets(client, server.get(), sessions, kJobs); });
  }
  bare::count(state, sessions, runs, inMemory, overSockets);
}
BENCHMARK(wholeRunPerHandshake)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace relayproof
