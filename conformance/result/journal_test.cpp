#include "conformance/result/journal.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace relayproof::result {
namespace {

using testing::HasSubstr;

TEST(Journal, ComesBackWhole) {
  const std::string golden = std::string(RELAYPROOF_SOURCE_DIR) + "/conformance/result/report_golden.json";
  const Report whole = *readReport(*readFile(golden), golden);
  std::string lines = journalHead(whole);
  for (const CaseResult& one : whole.results) lines += journalLine(one);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3);
  const Expected<Report> read = readJournal(lines, "run.journal");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(toJson(*read), toJson(whole));

  const Expected<Report> cut = readJournal(lines.substr(0, lines.size() - 10), "run.journal");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->results.size(), 1U) << "a line that was cut off does not count";
  EXPECT_EQ(cut->halted, kHaltedUnfinished);
  EXPECT_EQ(read->halted, std::nullopt);
}

TEST(Journal, FaultsAreNamedByLine) {
  const auto errorOf = [](const std::string& text) {
    const Expected<Report> read = readJournal(text, "run.journal");
    return read ? "" : read.error().text();
  };
  const std::string head = journalHead(Report());
  EXPECT_THAT(errorOf(""), HasSubstr("run.journal: holds no whole line"));
  EXPECT_THAT(errorOf("{}\n"), HasSubstr("run.journal:1: schema: is not relayproof.journal/1"));
  EXPECT_THAT(errorOf("[]\n"), HasSubstr("run.journal:1: schema"));
  EXPECT_THAT(errorOf(head + "{}\n"), HasSubstr("run.journal:2: the key \"id\" is missing"));
}

}  // namespace
}  // namespace relayproof::result
