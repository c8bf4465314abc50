// What the whole run costs beside what it cannot do without: sessions a second of the runner against the reference
// relay in this process, next to bare TLS 1.3 mutual handshakes with the same certificates (all have two threads); and
// its time against a slow relay, next to the time for which that relay keeps it waiting.
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
using std::chrono::milliseconds;

class Bench {
 public:
  // A run of the whole catalogue with `jobs` sessions at once, and for how long the relay kept it waiting.
  struct Cost {
    bare::Cost run;
    milliseconds waited;
  };
  Cost run(std::size_t jobs, const std::string& manner) const {
    session::Sink nextHop("127.0.0.1:0"), localHop("127.0.0.1:0");
    reference::Options options;
    options.tenancy = plan_.dump();
    options.nextHop = nextHop.address();
    options.localHop = localHop.address();
    options.manner = manner;
    auto started = reference::Relay::start(options);
    const auto& relay = std::get<0>(started);
    run::Setup setup;
    setup.target = "127.0.0.1:" + std::to_string(relay->port());
    run::Request request{catalogue_,
                         mint_,
                         readDocument(plan_.dump(), "plan", verdict::readTenancy).value(),
                         catalogue_.profiles.front(),
                         setup,
                         run::targetOf(setup).value(),
                         selected_,
                         controls_};
    request.jobs = jobs;
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
    const bare::Cost cost = bare::costOf([&] { report = run::run(request, surroundings, {}); });
    if (result::summarise(report).outcomes[result::Outcome::fail] != 0) std::abort();
    return {cost, relay->waited()};
  }

  std::size_t sessions() const {
    return run::schedule(catalogue_, selected_, controls_, "exo-2017", run::kBatchSize).sessions();
  }
  const certs::Mint& mint() const { return mint_; }

 private:
  std::vector<const catalogue::Case*> played() const {
    std::vector<const catalogue::Case*> all = selected_;
    all.insert(all.end(), controls_.begin(), controls_.end());
    return all;
  }

  const std::string corpus_ = RELAYPROOF_SOURCE_DIR "/corpus";
  const catalogue::Catalogue catalogue_ = catalogue::load(corpus_).value();
  const certs::Mint mint_ = readDocumentFile(corpus_ + "/blueprints/authorities.json", [](const Node& root) {
                              return certs::Mint(root, 0);
                            }).value();
  const std::vector<const catalogue::Case*> selected_ = catalogue::select(catalogue_, {}).value();
  const std::vector<const catalogue::Case*> controls_ = run::controlsOf(catalogue_, {});
  const Json plan_ = catalogue::plan(catalogue_, played(), mint_, {}, "exo-2017");
};

void wholeRunPerHandshake(benchmark::State& state) {
  constexpr std::size_t kJobs = 8;
  const Bench bench;
  const Json blueprint = {{"dns", {"mail.contoso.test"}}};
  const certs::Fixture fixture = bench.mint().issue("benchmark", Node(blueprint, "benchmark", ""));
  const auto identity =
      std::make_shared<const session::Identity>(session::Identity{fixture.id, fixture.chain, fixture.key});
  session::Target verifying;
  verifying.serverAnchors = bench.mint().trustAnchors();
  session::Contexts contexts(verifying);
  const session::Presented client = *contexts.of(identity);
  const session::Context server = session::serverContext(*identity, bench.mint().trustAnchors());

  bare::Cost runs, inMemory, overSockets;
  for (auto _ : state) {
    runs += bench.run(kJobs, {}).run;
    inMemory += bare::costOf([&] { bare::inMemory(client, server.get(), bench.sessions()); });
    overSockets += bare::costOf([&] { bare::overSockets(client, server.get(), bench.sessions(), kJobs); });
  }
  bare::count(state, bench.sessions(), runs, inMemory, overSockets);
}
BENCHMARK(wholeRunPerHandshake)->Iterations(5)->Unit(benchmark::kMillisecond);

void slowRelay(benchmark::State& state) {
  const auto jobs = static_cast<std::size_t>(state.range(0));
  const Bench bench;
  double wall = 0, own = 0;
  for (auto _ : state) {
    const Bench::Cost cost = bench.run(jobs, "answers-late");
    wall += cost.run.wall;
    own += std::chrono::duration<double>(cost.waited).count() / static_cast<double>(jobs);
  }
  state.counters["time / relay's own"] = wall / own;
}
BENCHMARK(slowRelay)->Arg(4)->Arg(8)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace relayproof
