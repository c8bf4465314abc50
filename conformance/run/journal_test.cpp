#include "conformance/run/journal.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "conformance/result/journal.h"

namespace relayproof::run {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class JournalFile : public testing::Test {
 protected:
  JournalFile() {
    folder_ = std::filesystem::temp_directory_path() / ("relayproof-journal-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    file_ = (folder_ / "run.journal").string();
  }
  ~JournalFile() override { std::filesystem::remove_all(folder_); }

  result::Report read() const { return result::readJournal(readFile(file_).value(), file_).value(); }

  static result::Report head() {
    result::Report report;
    report.profile = "strict";
    report.seed = 7;
    report.target.address = "127.0.0.1:2525";
    return report;
  }
  static result::CaseResult named(const std::string& id) {
    result::CaseResult one;
    one.id = id;
    one.tier = "must";
    one.outcome = result::Outcome::pass;
    one.why = "a line\nfeed and a quote \"";
    return one;
  }

  std::filesystem::path folder_;
  std::string file_;
};

TEST_F(JournalFile, HoldsTheHeadAtOnceAndEachCaseAsItComes) {
  Expected<Journal> journal = Journal::create(file_, head());
  ASSERT_TRUE(journal) << journal.error().text();
  EXPECT_EQ(read().profile, "strict");
  EXPECT_EQ(read().seed, 7U);
  EXPECT_EQ(read().target.address, "127.0.0.1:2525");
  EXPECT_THAT(read().results, IsEmpty());
  EXPECT_TRUE(journal->append(named("a.one")));
  ASSERT_THAT(read().results, SizeIs(1)) << "flushed, the file still open";
  EXPECT_TRUE(journal->append(named("a.two")));
  ASSERT_THAT(read().results, SizeIs(2));
  EXPECT_EQ(result::toJson(read().results[0]), result::toJson(named("a.one")));
  EXPECT_EQ(read().results[1].id, "a.two");
}

TEST_F(JournalFile, BeginsAnew) {
  {
    std::ofstream(file_) << std::string(100'000, 'x');
  }
  ASSERT_TRUE(Journal::create(file_, head()));
  EXPECT_THAT(read().results, IsEmpty());
}

TEST_F(JournalFile, AFileThatCannotBeWrittenIsNamed) {
  const auto missing = Journal::create((folder_ / "no" / "run.journal").string(), head());
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text(), AllOf(HasSubstr("/no/run.journal: journal: cannot be written: No such file"),
                                            HasSubstr("; name another file")));
  const auto folder = Journal::create(folder_.string(), head());
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().text(), HasSubstr("Is a directory"));
}

TEST_F(JournalFile, AFullDiskIsSaid) {
  ASSERT_TRUE(std::filesystem::exists("/dev/full"));
  const auto journal = Journal::create("/dev/full", head());
  ASSERT_FALSE(journal);
  EXPECT_THAT(journal.error().text(), HasSubstr("No space left on device"));
}

}  // namespace
}  // namespace relayproof::run
