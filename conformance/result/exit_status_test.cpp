#include "conformance/result/exit_status.h"

#include <gmock/gmock.h>

#include "conformance/result/test_support.h"

namespace relayproof::result {
namespace {

TEST(ExitStatus, TheFirstThatAppliesWins) {
  const CaseResult pass = resultOf("a", Outcome::pass), hole = resultOf("b", Outcome::fail, Class::hole),
                   broken = resultOf("c", Outcome::error), open = resultOf("d", Outcome::inconclusive),
                   minor = resultOf("e", Outcome::inconclusive, Class::none, "should");
  const auto status = [](std::vector<CaseResult> results, std::optional<std::string_view> halted = std::nullopt) {
    Report made = reportOf(std::move(results));
    if (halted) made.halted = *halted;
    return exitStatus(made, 0.6);
  };
  EXPECT_EQ(status({pass}), 0);
  EXPECT_EQ(status({pass, resultOf("x", Outcome::xfail, Class::hole), resultOf("o", Outcome::observed)}), 0);
  EXPECT_EQ(status({pass, hole, broken, open}), 1);
  EXPECT_EQ(status({resultOf("x", Outcome::xpass)}), 1);
  EXPECT_EQ(status({pass}, kHaltedOpenRelay), 1);
  EXPECT_EQ(status({hole}, kHaltedUnreachable), 1);
  EXPECT_EQ(status({broken}, kHaltedNoControl), 4);
  EXPECT_EQ(status({}, kHaltedUnreachable), 4);
  EXPECT_EQ(status({pass, open}, kHaltedWentAway), 4);
  EXPECT_EQ(status({pass, broken, open}), 5);
  EXPECT_EQ(status({pass, pass, open}), 3);
  EXPECT_EQ(status({pass, pass, minor}), 0);
  EXPECT_EQ(status({pass, minor}), 3) << "half is below the minimum";
  EXPECT_EQ(status({}), 3);
  EXPECT_EQ(status({pass, hole}, kHaltedInterrupted), 130);
  Report contradiction = reportOf({pass});
  contradiction.fingerprint = {{"assignments", 0}};
  EXPECT_EQ(exitStatus(contradiction, 0.6), 1);
}

}  // namespace
}  // namespace relayproof::result
