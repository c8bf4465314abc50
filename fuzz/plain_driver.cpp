// Asks a fuzz target about files, and files in folders, without a fuzzing engine: regressions are tests on any
// compiler.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// What a target makes before its first input, where it has such a thing.
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int*, char***) { return 0; }

namespace {

/// Whether the file is there, and still an input.
bool replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string octets{std::istreambuf_iterator<char>(stream), {}};
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);  // the last one is the culprit
  const bool taken =
      stream && LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()) == 0;
  if (!taken) std::fprintf(stderr, "%s: %s\n", file.c_str(), stream ? "is no input" : "cannot be read");
  return taken;
}

}  // namespace

int main(int argc, char** argv) {
  LLVMFuzzerInitialize(&argc, &argv);
  std::size_t count = 0;
  bool all = true;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      all = replay(argv[i]) && all;
      ++count;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      all = replay(entry.path()) && all;
      ++count;
    }
  }
  if (count == 0) std::fprintf(stderr, "usage: TARGET_replay FILE|FOLDER...\n");
  return count == 0 ? 2 : all ? 0 : 1;
}
