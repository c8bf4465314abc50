#include "conformance/result/exit_status.h"

#include <algorithm>

namespace relayproof::result {

int exitStatus(const Report& report, double minimumCoverage) {
  const Summary summary = summarise(report);
  const auto count = [&](Outcome outcome) { return summary.outcomes.at(outcome); };
  const bool contradiction = report.fingerprint.value("assignments", 1) == 0;
  const bool mustInconclusive = std::any_of(report.results.begin(), report.results.end(), [](const CaseResult& result) {
    return result.outcome == Outcome::inconclusive && result.tier == "must";
  });

  if (report.halted == kHaltedInterrupted) return kInterrupted;
  if (count(Outcome::fail) > 0 || count(Outcome::xpass) > 0 || report.halted == kHaltedOpenRelay || contradiction)
    return kDoesNotConform;
  if (report.halted == kHaltedUnreachable || report.halted == kHaltedWentAway || report.halted == kHaltedNoControl)
    return kUnreachable;
  if (count(Outcome::error) > 0) return kInternalError;
  if (summary.total == 0 || mustInconclusive || summary.coverage < minimumCoverage) return kNotJudged;
  return kConforms;
}

}  // namespace relayproof::result
