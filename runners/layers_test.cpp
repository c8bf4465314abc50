// The order of the folders: each is one stage of the way and includes only what stands before it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kOrder = {"certs",
                                         "conformance/verdict",
                                         "conformance/wire",
                                         "conformance/session",
                                         "conformance/catalogue",
                                         "conformance/result",
                                         "conformance/run",
                                         "conformance/doctor",
                                         "conformance/report",
                                         "runners/reference",
                                         "runners/relayproof"};

// Stages that stand side by side, and what must stay independent of what: a later place in the order is not enough.
const std::map<std::string, std::set<std::string>> kForbidden = {
    {"conformance/wire", {"certs", "conformance/verdict"}}, {"conformance/session", {"conformance/verdict"}},
    {"conformance/catalogue", {"conformance/session"}},     {"conformance/report", {"conformance/run"}},
    {"runners/reference", {"certs", "conformance"}},
};

std::string folderOf(const std::string& path) {
  std::string longest;
  for (const std::string& folder : kOrder)
    if (path.starts_with(folder + "/") && folder.size() > longest.size()) longest = folder;
  return longest;
}

std::vector<fs::path> sources(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(RELAYPROOF_SOURCE_DIR) / folder))
    if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp") files.push_back(entry.path());
  return files;
}

std::vector<std::string> linesOf(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Layers, EachFolderIncludesOnlyWhatStandsBeforeIt) {
  const std::regex include("^#include \"([^\"]+)\"");
  const auto rank = [](const std::string& folder) {
    return std::find(kOrder.begin(), kOrder.end(), folder) - kOrder.begin();
  };
  std::size_t seen = 0;
  for (const std::string top : {"certs", "conformance", "runners"})
    for (const fs::path& file : sources(top)) {
      const std::string name = fs::relative(file, RELAYPROOF_SOURCE_DIR).string();
      const std::string folder = folderOf(name);
      if (folder.empty()) continue;
      const bool test = file.stem().string().ends_with("_test") || file.stem().string().ends_with("_benchmark");
      for (const std::string& line : linesOf(file)) {
        std::smatch match;
        if (!std::regex_search(line, match, include)) continue;
        ++seen;
        if (std::string(match[1]).find('/') == std::string::npos) continue;  // made by the build
        const std::string included = match[1];
        EXPECT_TRUE(fs::exists(fs::path(RELAYPROOF_SOURCE_DIR) / included))
            << name << " includes " << included << " by another path than the project's";
        EXPECT_LE(rank(folderOf(included)), rank(folder)) << name << " includes " << included;
        const auto forbidden = kForbidden.find(folder);
        if (forbidden == kForbidden.end() || test) continue;
        for (const std::string& other : forbidden->second)
          EXPECT_FALSE(included.starts_with(other + "/")) << name << " includes " << included;
      }
    }
  EXPECT_GT(seen, 50u);
}

TEST(Layers, TheConformanceRunNamesNoProduct) {
  const std::regex product("\\b(exim|postfix|sendmail|haraka|nginx|aiosmtpd|stunnel|exchange server)\\b",
                           std::regex::icase);
  for (const fs::path& file : sources("conformance"))
    for (const std::string& line : linesOf(file))
      EXPECT_FALSE(std::regex_search(line, product)) << file << ": " << line;
}

TEST(Layers, TheClockIsReadInRunnersOnly) {
  const std::regex clock("system_clock::now|\\btime\\((NULL|nullptr|0)\\)|gettimeofday|CLOCK_REALTIME");
  for (const std::string top : {"certs", "conformance"})
    for (const fs::path& file : sources(top)) {
      const std::string stem = file.stem().string();
      if (stem.ends_with("_test") || stem.ends_with("_benchmark")) continue;
      for (const std::string& line : linesOf(file))
        EXPECT_FALSE(std::regex_search(line, clock)) << file << ": " << line;
    }
}

}  // namespace
