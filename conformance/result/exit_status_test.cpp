#include "conformance/result/exit_status.h"

#include <gmock/gmock.h>

namespace relayproof::result {
namespace {

CaseResult result(const std::string& id, Outcome outcome, Class failure = Class::none,
                  const std::string& tier = "must") {
  CaseResult made;
  made.id = id;
  made.tier = tier;
  made.outcome = outcome;
  made.failure = failure;
  return made;
}

Report report(std::vector<CaseResult> results) {
  Report made;
  made.results = std::move(results);
  return made;
}

TEST(ExitStatus, TheFirstThatAppliesWins) {
  const CaseResult pass = result("a", Outcome::pass), hole = result("b", Outcome::fail, Class::hole),
                   broken = result("c", Outcome::error), open = result("d", Outcome::inconclusive),
                   minor = result("e", Outcome::inconclusive, Class::none, "should");
  const auto status = [](std::vector<CaseResult> results, std::optional<std::string_view> halted = std::nullopt) {
    Report made = report(std::move(results));
    if (halted) made.halted = *halted;
    return exitStatus(made, 0.6);
  };
  EXPECT_EQ(status({pass}), 0);
  EXPECT_EQ(status({pass, result("x", Outcome::xfail, Class::hole), result("o", Outcome::observed)}), 0);
  EXPECT_EQ(status({pass, hole, broken, open}), 1);
  EXPECT_EQ(status({result("x", Outcome::xpass)}), 1);
  EXPECT_EQ(status({pass}, kHaltedOpenRelay), 1);
  EXPECT_EQ(status({hole}, kHaltedUnreachable), 1);
  EXPECT_EQ(status({broken}, kHaltedNoControl), 4);
  EXPECT_EQ(status({}, kHaltedUnreachable), 4);
  EXPECT_EQ(status({pass, broken, open}), 5);
  EXPECT_EQ(status({pass, pass, open}), 3);
  EXPECT_EQ(status({pass, pass, minor}), 0);
  EXPECT_EQ(status({pass, minor}), 3) << "half is below the minimum";
  EXPECT_EQ(status({}), 3);
  EXPECT_EQ(status({pass, hole}, kHaltedInterrupted), 130);
  Report contradiction = report({pass});
  contradiction.fingerprint = {{"assignments", 0}};
  EXPECT_EQ(exitStatus(contradiction, 0.6), 1);
}

}  // namespace
}  // namespace relayproof::result
