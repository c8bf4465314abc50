// How fast certificates are minted, in signatures of the key that issues them: the ratio is what the machine cannot
// change. The last line has two of them: `certificate` is the certificate alone, its key at hand; `fixture` is all that
// the mint does, with the blueprint read, a key of its own derived and the PKCS#8 written. A key costs half a
// signature, so that the second cannot pass two thirds. A whole set is written as well: `files` a second.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>

#include "certs/certificate.h"
#include "certs/set_folder.h"
#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

constexpr std::string_view kBlueprint = R"({"cn": "mail.names.test", "dns": ["mail.names.test"]})";

struct Bench {
  Mint mint = mintOf();
  Json json = parseJson(kBlueprint, "benchmark").value();
  Node node{json, "benchmark", {}};
  Blueprint blueprint = readBlueprint(node, Role::leaf);
  const PrivateKey& signer = mint.signer("intermediate");
  PrivateKey key{KeyType::p256, 0, "benchmark"};
  std::string message = issue(mint, "message", kBlueprint).leaf;
  std::uint64_t serial = 0;

  void sign() const { benchmark::DoNotOptimize(signer.sign(message)); }
  void certificate() {
    const Issuer issuer{blueprint.subject, &signer, "identifier"};
    benchmark::DoNotOptimize(makeCertificate(blueprint, key, issuer, "serial" + std::to_string(++serial)));
  }
  void fixture() { benchmark::DoNotOptimize(mint.issue("benchmark-" + std::to_string(++serial), node)); }
};

// Processor time of this thread, since the machine may be busy with others' work.
double seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void BM_Sign(benchmark::State& state) {
  Bench bench;
  for (auto _ : state) bench.sign();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Sign);

void BM_Certificate(benchmark::State& state) {
  Bench bench;
  for (auto _ : state) bench.certificate();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Certificate);

void BM_Fixture(benchmark::State& state) {
  Bench bench;
  for (auto _ : state) bench.fixture();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Fixture);

// All three in turn, so that whatever slows one slows the others.
void BM_MintedPerSignature(benchmark::State& state) {
  Bench bench;
  double signing = 0;
  double certifying = 0;
  double minting = 0;
  for (auto _ : state) {
    const double start = seconds();
    for (int i = 0; i < 16; ++i) bench.sign();
    const double afterSigning = seconds();
    for (int i = 0; i < 16; ++i) bench.certificate();
    const double afterCertifying = seconds();
    for (int i = 0; i < 16; ++i) bench.fixture();
    signing += afterSigning - start;
    certifying += afterCertifying - afterSigning;
    minting += seconds() - afterCertifying;
  }
  state.counters["certificate"] = signing / certifying;
  state.counters["fixture"] = signing / minting;
}
BENCHMARK(BM_MintedPerSignature);

// The set names by two threads into the folder for temporary files, by the clock.
void BM_NamesMintedAndWritten(benchmark::State& state) {
  const Mint mint = mintOf();
  const FixtureSet set = shippedSet("names");
  const auto folder = std::filesystem::temp_directory_path() / ("relayproof-benchmark-" + std::to_string(::getpid()));
  std::size_t files = 0;
  for (auto _ : state) {
    files += writeSet(folder.string(), set, mint, {.threads = 2}).value();
    state.PauseTiming();
    std::filesystem::remove_all(folder);
    state.ResumeTiming();
  }
  state.counters["files"] = benchmark::Counter(static_cast<double>(files), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_NamesMintedAndWritten)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace
}  // namespace relayproof::certs
