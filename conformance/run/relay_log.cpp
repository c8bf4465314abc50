#include "conformance/run/relay_log.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "conformance/wire/escape.h"

namespace relayproof::run {
namespace {

constexpr std::size_t kLongestLine = 1000;
constexpr long long kMostAtOnce = 4 << 20;  // octets; of a log that grows faster, the newest

// As the sanitizers, Go, Rust, glibc, libstdc++, the JVM, systemd and the kernel write them.
constexpr std::array<std::string_view, 24> kCrashes = {"AddressSanitizer",
                                                       "LeakSanitizer",
                                                       "MemorySanitizer",
                                                       "ThreadSanitizer",
                                                       "UndefinedBehaviorSanitizer",
                                                       ": runtime error: ",
                                                       "panic: ",
                                                       "panicked at ",
                                                       "fatal error: ",
                                                       "Segmentation fault",
                                                       "segfault at ",
                                                       "SIGSEGV",
                                                       "SIGABRT",
                                                       "SIGBUS",
                                                       "terminate called ",
                                                       "stack smashing detected",
                                                       "free(): ",
                                                       "double free or corruption",
                                                       "corrupted size vs. prev_size",
                                                       "malloc(): ",
                                                       "munmap_chunk(): ",
                                                       "(core dumped)",
                                                       "code=dumped",
                                                       "code=killed, status=11"};

}  // namespace

std::vector<std::string> logLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(wire::excerpt(line, kLongestLine));
  }
  return lines;
}

bool tellsOfCrash(std::string_view line) {
  return std::any_of(kCrashes.begin(), kCrashes.end(),
                     [&](std::string_view crash) { return line.find(crash) != std::string_view::npos; });
}

LogFile::LogFile(std::string path) : path_(std::move(path)) {
  struct stat now{};
  if (stat(path_.c_str(), &now) != 0) return;
  inode_ = now.st_ino;
  read_ = now.st_size;
}

std::string LogFile::grown() {
  struct stat now{};
  if (stat(path_.c_str(), &now) != 0) return {};
  if (now.st_ino != inode_ || now.st_size < read_) read_ = 0;
  inode_ = now.st_ino;
  read_ = std::max<long long>(read_, now.st_size - kMostAtOnce);
  std::ifstream file(path_, std::ios::binary);
  file.seekg(read_);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // What is not a whole line yet is read the next time.
  const std::size_t end = text.rfind('\n');
  text.erase(end == std::string::npos ? 0 : end + 1);
  read_ += static_cast<long long>(text.size());
  return text;
}

}  // namespace relayproof::run
