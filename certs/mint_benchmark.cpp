// How fast certificates are minted, in signatures of the key that issues them: the ratio is what the machine cannot
// change. BM_Mint covers a whole fixture: blueprint read, key of its own derived, certificate made and signed, chain
// and PKCS#8 put together.
#include <benchmark/benchmark.h>

#include <chrono>

#include "certs/key.h"
#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

constexpr std::string_view kBlueprint = R"({"cn": "mail.names.test", "dns": ["mail.names.test"]})";

Json blueprint() { return parseJson(kBlueprint, "benchmark").value(); }

void signOnce(const PrivateKey& key, const std::string& message) { benchmark::DoNotOptimize(key.sign(message)); }

void mintOnce(const Mint& mint, const Node& node, std::uint64_t n) {
  benchmark::DoNotOptimize(mint.issue("benchmark-" + std::to_string(n), node));
}

void BM_Sign(benchmark::State& state) {
  const Mint mint = mintOf();
  const PrivateKey& key = mint.signer("intermediate");
  const std::string message = issue(mint, "message", kBlueprint).leaf;
  for (auto _ : state) signOnce(key, message);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Sign);

void BM_Mint(benchmark::State& state) {
  const Mint mint = mintOf();
  const Json json = blueprint();
  const Node node(json, "benchmark", {});
  std::uint64_t n = 0;
  for (auto _ : state) mintOnce(mint, node, ++n);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Mint);

// Both in turn, so that a busy machine slows them alike; the counter is minted a second ÷ signatures a second.
void BM_MintedPerSignature(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  const Mint mint = mintOf();
  const PrivateKey& key = mint.signer("intermediate");
  const std::string message = issue(mint, "message", kBlueprint).leaf;
  const Json json = blueprint();
  const Node node(json, "benchmark", {});
  Clock::duration signing{};
  Clock::duration minting{};
  std::uint64_t n = 0;
  for (auto _ : state) {
    const auto start = Clock::now();
    for (int i = 0; i < 16; ++i) signOnce(key, message);
    const auto between = Clock::now();
    for (int i = 0; i < 16; ++i) mintOnce(mint, node, ++n);
    signing += between - start;
    minting += Clock::now() - between;
  }
  state.counters["ratio"] = static_cast<double>(signing.count()) / static_cast<double>(minting.count());
}
BENCHMARK(BM_MintedPerSignature);

}  // namespace
}  // namespace relayproof::certs
