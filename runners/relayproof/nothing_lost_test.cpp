// What a run has found out outlives a full disk and a kill, or the user is told.
#include <gmock/gmock.h>

#include "runners/relayproof/test_support.h"

namespace relayproof {
namespace {

using testing::HasSubstr;
using testing::Lt;

using NothingLost = Program;

TEST_F(NothingLost, AReportThatDoesNotFitIsAnErrorAndTheSummaryIsSaidAllTheSame) {
  const Ran ran =
      run("run --quiet --filter names.cn.exact --report json:/dev/full --report junit:" + file("junit.xml"));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("coverage 100.0 %"));
  EXPECT_THAT(ran.output, HasSubstr("/dev/full: cannot be written: No space left on device"));
  EXPECT_TRUE(std::filesystem::exists(file("junit.xml"))) << "the others are written";
}

TEST_F(NothingLost, AJournalThatDoesNotFitEndsTheRun) {
  const Ran ran = run("run --quiet --filter names.cn.exact --journal /dev/full");
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("/dev/full"));
}

TEST_F(NothingLost, AQuotaThatIsUsedUpMidRunIsAnErrorAndNoDeath) {
  const std::string journal = file("run.jsonl");
  const Ran ran = shell("ulimit -f 64; timeout 300 " + kProgram + " run --quiet --journal " + journal);
  EXPECT_EQ(ran.status, 2) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("cannot be written"));
  const Ran converted = run("report convert " + journal + " --report json:" + file("report.json"));
  EXPECT_EQ(converted.status, 0) << converted.output;
  EXPECT_FALSE(json("report.json")["results"].empty());
}

TEST_F(NothingLost, OutputThatNobodyCanReadIsAnError) {
  EXPECT_EQ(shell("timeout 300 " + kProgram + " run --quiet --filter names.cn.exact > /dev/full").status, 2);
}

TEST_F(NothingLost, AKilledRunLeavesAllThatItHadFinished) {
  const std::string journal = file("run.jsonl");
  const Ran killed = shell("program=" + kProgram + " journal=" + journal + R"sh(
    $program run --quiet --jobs 1 --journal $journal > /dev/null & pid=$!
    for i in $(seq 1200); do
      [ -e $journal ] && [ $(wc -l < $journal) -gt 20 ] && break
      sleep 0.05
    done
    kill -9 $pid; wait $pid; true)sh");
  EXPECT_EQ(killed.status, 0);
  const Ran converted = run("report convert " + journal + " --report json:" + file("report.json"));
  ASSERT_EQ(converted.status, 0) << converted.output;
  const Json report = json("report.json");
  EXPECT_GE(report["results"].size(), 20U);
  EXPECT_THAT(report["results"].size(), Lt(report["selected"].get<std::size_t>()));
  EXPECT_EQ(report["halted"], "its journal holds less than was selected");
}

}  // namespace
}  // namespace relayproof
