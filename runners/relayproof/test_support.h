// What the tests of this folder share: the program run as a user runs it, in a folder of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "certs/document.h"

namespace relayproof {

inline const std::string kProgram = RELAYPROOF_BINARY_DIR "/relayproof";

struct Ran {
  int status = -1;
  std::string output;  ///< standard output and standard error
};

class Program : public testing::Test {
 protected:
  Program() {
    std::string pattern = (std::filesystem::temp_directory_path() / "relayproof-test-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Program() override { std::filesystem::remove_all(folder_); }
  static Ran run(const std::string& arguments, const std::string& input = {}) {
    return shell("printf '%s' '" + input + "' | timeout 300 " + kProgram + " " + arguments);
  }
  static Ran shell(const std::string& command) {
    std::FILE* pipe = popen(("{ " + command + "\n} 2>&1").c_str(), "r");
    Ran ran;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      ran.output.append(buffer.data(), n);
    const int status = pclose(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
  }
  std::string file(const std::string& name, const std::string& content = {}) const {
    const std::string path = (folder_ / name).string();
    if (!content.empty()) std::ofstream(path) << content;
    return path;
  }
  Json json(const std::string& name) const { return Json::parse(*readFile(file(name))); }
  std::filesystem::path folder_;
};

}  // namespace relayproof
