#include "certs/set_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SetFolder : public testing::Test {
 protected:
  SetFolder() {
    std::string pattern = (fs::temp_directory_path() / "relayproof-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    base = pattern;
  }
  ~SetFolder() override { fs::remove_all(base); }

  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(base))
      names.push_back(fs::relative(entry.path(), base).string());
    std::sort(names.begin(), names.end());
    return names;
  }

  void put(const std::string& name, const std::string& text) const {
    fs::create_directories((base / name).parent_path());
    std::ofstream(base / name) << text;
  }

  fs::path base;
  const std::vector<SetFile> files{{"a.key.pem", "secret", true},
                                   {"ca/root.pem", "open", false},
                                   {"manifest.json", "{\"schema\": \"relayproof.fixtures/1\"}", false}};
};

// The files one after the other.
Expected<std::size_t> writeFolder(const std::string& folder, const std::vector<SetFile>& files, bool force) {
  return certs::writeFolder(folder, force, [&](FolderInTheMaking& making) {
    for (const SetFile& file : files) making.put(file);
  });
}

unsigned modeOf(const fs::path& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

TEST_F(SetFolder, WritesEveryFileAndHidesKeys) {
  EXPECT_EQ(writeFolder((base / "new/set/").string(), files, false).value(), 3U);
  EXPECT_THAT(left(), ElementsAre("new", "new/set", "new/set/a.key.pem", "new/set/ca", "new/set/ca/root.pem",
                                  "new/set/manifest.json"));
  EXPECT_EQ(readFile((base / "new/set/ca/root.pem").string()).value(), "open");
  EXPECT_EQ(modeOf(base / "new/set/a.key.pem"), 0600U);
  EXPECT_EQ(modeOf(base / "new/set/ca/root.pem") & 0600U, 0600U);
}

TEST_F(SetFolder, TakesAnEmptyFolder) {
  fs::create_directory(base / "set");
  EXPECT_TRUE(writeFolder((base / "set").string(), files, false));
  EXPECT_TRUE(fs::exists(base / "set/ca/root.pem"));
}

TEST_F(SetFolder, LeavesAFullFolderAlone) {
  put("set/manifest.json", files.back().octets);
  const auto result = writeFolder((base / "set").string(), files, false);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().text(), HasSubstr("set: is not empty; name another folder, or give --force"));
  EXPECT_THAT(left(), ElementsAre("set", "set/manifest.json"));
}

TEST_F(SetFolder, ForceReplacesAnEarlierSetWhole) {
  put("set/manifest.json", R"({"schema":"relayproof.fixtures/1","certificates":[{"sha256":{"gone.pem":"00"}}],
      "authorities":[{"sha256":{"ca/gone.pem":"00"}}]})");
  put("set/gone.pem", "old");
  put("set/ca/gone.pem", "old");
  put("set/README.md", "old");
  ASSERT_TRUE(writeFolder((base / "set").string(), files, true));
  EXPECT_THAT(left(), ElementsAre("set", "set/a.key.pem", "set/ca", "set/ca/root.pem", "set/manifest.json"));
}

TEST_F(SetFolder, ForceSparesWhatIsNoSet) {
  put("set/thesis.txt", "three years");
  const auto result = writeFolder((base / "set").string(), files, true);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().text(), HasSubstr("holds something else than a fixture set"));
  EXPECT_THAT(left(), ElementsAre("set", "set/thesis.txt"));
}

TEST_F(SetFolder, ForceSparesWhatStandsBesideASet) {
  put("set/manifest.json", files.back().octets);
  put("set/thesis.txt", "three years");
  const auto result = writeFolder((base / "set").string(), files, true);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().text(), HasSubstr("set/thesis.txt: is no file of the earlier set; move it away"));
  EXPECT_THAT(left(), ElementsAre("set", "set/manifest.json", "set/thesis.txt"));
}

TEST_F(SetFolder, AFileOrNothingIsNoFolder) {
  put("file", "x");
  EXPECT_THAT(writeFolder((base / "file").string(), files, true).error().text(), HasSubstr("is a file; name a folder"));
  EXPECT_THAT(writeFolder("", files, true).error().text(), HasSubstr("name a folder"));
  EXPECT_FALSE(writeFolder((base / "file/below").string(), files, true));
}

// A process of its own that may write no more than a few octets a file: what a full disk looks like from inside.
TEST_F(SetFolder, AFailingWriteLeavesNothingBehind) {
  put("set/manifest.json", files.back().octets);
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10, 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto result = writeFolder((base / "set").string(), files, true);
    ::_exit(!result && result.error().text().find("cannot be written") != std::string::npos ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_THAT(left(), ElementsAre("set", "set/manifest.json"));
  EXPECT_EQ(readFile((base / "set/manifest.json").string()).value(), files.back().octets);
}

// The number of a process that is over.
pid_t processGone() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

TEST_F(SetFolder, WhatAKilledProcessLeftGoesWithTheNextRun) {
  std::array<int, 2> filled{};
  ASSERT_EQ(::pipe(filled.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    certs::writeFolder((base / "set").string(), false, [&](FolderInTheMaking& making) {
      making.append("manifest.json", "{\n \"schema\": \"relayproof.fixtures/1\",\n");
      making.put(files.front());
      if (::write(filled[1], "x", 1) == 1) ::pause();
    });
    ::_exit(1);
  }
  char ready = 0;
  ASSERT_EQ(::read(filled[0], &ready, 1), 1);
  for (const int end : filled) ::close(end);
  const std::string beside = fmt::format("set.new-{}", child);
  ASSERT_TRUE(writeFolder((base / "set").string(), files, false));
  EXPECT_TRUE(fs::exists(base / beside / "a.key.pem")) << "its process is at work";
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  put(fmt::format("set.new-{}/manifest.json", ::getpid()), files.back().octets);
  fs::create_directory(base / fmt::format("set.new-{}", processGone()));
  put(fmt::format("set.old-{}/manifest.json", processGone()), files.back().octets);
  fs::remove_all(base / "set");
  ASSERT_TRUE(writeFolder((base / "set").string(), files, false));
  EXPECT_THAT(left(), ElementsAre("set", "set/a.key.pem", "set/ca", "set/ca/root.pem", "set/manifest.json"));
}

TEST_F(SetFolder, WhatOnlyLooksLikeALeftoverStays) {
  const pid_t gone = processGone();
  for (const std::string& name : {fmt::format("other.new-{}", gone), fmt::format("set.new-{}.d", gone),
                                  fmt::format("set.newer-{}", gone), std::string("set.new-"), std::string("set.new-x")})
    put(name + "/manifest.json", files.back().octets);
  put(fmt::format("set.new-{}/thesis.txt", gone), "three years");
  put(fmt::format("set.old-{}", gone), "a file");
  const auto before = left();
  ASSERT_TRUE(writeFolder((base / "set").string(), files, false));
  for (const std::string& name : before) EXPECT_TRUE(fs::exists(base / name)) << name;
}

FixtureSet setOf(std::string_view text) { return readDocument(text, "s.json", readSet).value(); }

// More fixtures than a batch holds.
FixtureSet manyFixtures() {
  FixtureSet set = setOf(R"({"set":"s","fixtures":{"a":{"why":"w","certificate":{}}}})");
  const SetEntry one = set.entries.front();
  for (int i = 0; i < 200; ++i) set.entries.push_back(one), set.entries.back().id = fmt::format("b{}", i);
  return set;
}

TEST_F(SetFolder, AWholeSetTwiceIsTheSameOnAnyNumberOfThreads) {
  const FixtureSet set = manyFixtures();
  ASSERT_TRUE(writeSet((base / "one").string(), set, sharedMint(), {.withPkcs12 = true}));
  ASSERT_TRUE(writeSet((base / "two").string(), set, sharedMint(), {.withPkcs12 = true, .threads = 3}));
  std::size_t compared = 0;
  for (const auto& entry : fs::recursive_directory_iterator(base / "one")) {
    if (!entry.is_regular_file()) continue;
    const fs::path twin = base / "two" / fs::relative(entry.path(), base / "one");
    EXPECT_EQ(readFile(entry.path().string()).value(), readFile(twin.string()).value()) << twin;
    ++compared;
  }
  EXPECT_EQ(compared, 4 * set.entries.size() + 2 * sharedMint().authorities().size() + 2);
  EXPECT_EQ(Json::parse(*readFile((base / "one/manifest.json").string()))["certificates"].size(), set.entries.size());
}

TEST_F(SetFolder, AnInterruptionLeavesNothingBehind) {
  std::atomic<int> asked = 0;
  const auto result = writeSet((base / "set").string(), manyFixtures(), sharedMint(),
                               {.threads = 2, .stopped = [&] { return ++asked > 3; }});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().text(), HasSubstr("interrupted; nothing is left of the set"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(SetFolder, AMistakeInTheLastFixtureLeavesNothingBehind) {
  FixtureSet set = manyFixtures();
  set.entries.back().blueprint = Json{{"dn", "x"}};
  const auto result = writeSet((base / "set").string(), set, sharedMint(), {.threads = 2});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().text(), HasSubstr("s.json: fixtures.a.certificate.dn: unknown key"));
  EXPECT_THAT(left(), IsEmpty());
}

}  // namespace
}  // namespace relayproof::certs
