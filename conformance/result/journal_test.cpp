#include "conformance/result/journal.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/result/fingerprint.h"
#include "conformance/result/test_support.h"

namespace relayproof::result {
namespace {

using testing::HasSubstr;

TEST(Journal, ComesBackWhole) {
  const std::string golden = std::string(RELAYPROOF_SOURCE_DIR) + "/conformance/result/report_golden.json";
  Report whole = *readReport(*readFile(golden), golden);
  takeFingerprint(whole);
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

TEST(Journal, TheLaterOfTwoLinesOfACaseCounts) {
  Report head;
  head.selected = 1;
  const std::string lines = journalHead(head) + journalLine(resultOf("a.b", Outcome::pass)) +
                            journalLine(resultOf("a.b", Outcome::fail, Class::protocol));
  const Expected<Report> read = readJournal(lines, "run.journal");
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->results.size(), 1U);
  EXPECT_EQ(read->results[0].outcome, Outcome::fail);
}

TEST(Journal, CutAnywhereHoldsEveryLineThatIsWhole) {
  const std::string head = journalHead(reportOf({}));
  const std::string lines =
      head + journalLine(resultOf("a", Outcome::pass)) + journalLine(resultOf("b", Outcome::pass));
  for (std::size_t size = head.size(); size <= lines.size(); ++size) {
    const Expected<Report> read = readJournal(lines.substr(0, size), "run.journal");
    ASSERT_TRUE(read) << size << ": " << read.error().text();
    const auto whole = std::count(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(size), '\n') - 1;
    EXPECT_EQ(read->results.size(), static_cast<std::size_t>(whole)) << size;
  }
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
