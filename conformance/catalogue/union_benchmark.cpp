// What it costs to answer for every relay that a profile allows, beside asking what a single one decides: the worst
// envelope of the catalogue, and all of them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/family.h"
#include "conformance/verdict/decide.h"

namespace relayproof::catalogue {
namespace {

using Clock = std::chrono::steady_clock;

struct Asked {
  std::string id;
  verdict::Peer peer;
  verdict::Envelope envelope;
};

std::vector<Asked> everyEnvelope(const Catalogue& catalogue) {
  const certs::Mint mint =
      readDocumentFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/authorities.json", [](const Node& root) {
        return certs::Mint(root, 0);
      }).value();
  certs::ChainVerifier verifier(mint.trustAnchors());
  constexpr std::int64_t kMidYear2026 = 1782864000;
  std::vector<Asked> all;
  for (const Case& one : catalogue.cases) {
    const verdict::Peer peer = peersOf(one, fixtureOf(one, mint), catalogue, mint, verifier, {}, kMidYear2026).own;
    for (const TransactionPlan& transaction : one.transactions)
      for (const std::string& recipient : transaction.recipients)
        all.push_back(
            {one.id,
             peer,
             {address(catalogue, {}, transaction.sender, true, "t"),
              address(catalogue, {}, transaction.header, true, "t"), address(catalogue, {}, recipient, false, "t")}});
  }
  return all;
}

/// The quickest of several: what other programs take away is not the work's.
template <class Work>
double secondsOf(Work work) {
  double best = 1;
  for (int i = 0; i < 30; ++i) {
    const auto start = Clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

void unionPerEvaluation(benchmark::State& state) {
  const Catalogue catalogue = load(RELAYPROOF_SOURCE_DIR "/corpus").value();
  const Json filledIn = withAddresses(catalogue.tenancy, catalogue.addresses);
  const verdict::Tenancy tenancy = verdict::readTenancy(Node(filledIn, {}, {}));
  const verdict::Profile& profile = catalogue.profiles.front();
  const std::vector<Asked> asked = everyEnvelope(catalogue);
  double worst = 0, unions = 0, evaluations = 0;
  std::string of;
  for (auto _ : state) {
    for (const Asked& one : asked) {
      const double all =
          secondsOf([&] { benchmark::DoNotOptimize(verdict::acceptable(tenancy, profile, one.peer, one.envelope)); });
      const double single = secondsOf(
          [&] { benchmark::DoNotOptimize(verdict::decide(tenancy, verdict::Assignment{}, one.peer, one.envelope)); });
      unions += all;
      evaluations += single;
      if (all / single <= worst) continue;
      worst = all / single;
      of = one.id;
    }
  }
  state.counters["worst"] = worst;
  state.counters["all"] = unions / evaluations;
  state.SetLabel("worst: " + of);
}
BENCHMARK(unionPerEvaluation)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace relayproof::catalogue
