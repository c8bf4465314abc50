// The cases behind a reload of the tenancy, alone and last.
#include "conformance/run/runner.h"

namespace relayproof::run {

/// Empty once the relay shows its changed tenancy, which may take it a while, or a part of it in the end; else why not.
std::string Runner::showsReload() {
  std::vector<std::string> missing;
  for (const double pause : kPausesAfterRestart) {
    missing.clear();
    for (const Attempt& attempt : stage_.play(schedule_.afterReload.shows, 1))
      if (!accepted(attempt.seen)) missing.push_back(attempt.one->id);
    if (missing.empty() || stopped()) break;
    surroundings_.sleep(pause);
  }
  if (missing.size() < schedule_.afterReload.shows.size() || missing.empty()) return {};
  return missing.front() + " is not accepted, which only the changed tenancy allows";
}

/// Empty once what the plan allows is accepted as it was before; else why not.
std::string Runner::holdsAgain(const std::map<std::string, bool>& acceptedBefore) {
  std::string missing;
  for (const double pause : kPausesAfterRestart) {
    missing.clear();
    for (const Attempt& attempt : stage_.play(schedule_.afterReload.twins, 1))
      if (acceptedBefore.at(attempt.one->id) && !accepted(attempt.seen)) missing = attempt.one->id;
    if (missing.empty() || stopped()) return {};
    surroundings_.sleep(pause);
  }
  return missing + " is not accepted any more";
}

void Runner::runAfterReload() {
  if (schedule_.afterReload.cases.empty() || !surroundings_.reload) return;
  std::map<std::string, bool> acceptedById;
  for (const Attempt& twin : stage_.play(schedule_.afterReload.twins, request_.jobs))
    acceptedById[twin.one->id] = accepted(twin.seen);
  const auto begun = stage_.begin(schedule_.afterReload.cases, request_.jobs);
  if (stopped()) return;
  std::string fault = surroundings_.reload(true);
  if (fault.empty()) fault = showsReload();
  std::vector<Played> played;
  for (Attempt& attempt : stage_.play(schedule_.afterReload.cases, request_.jobs, begun))
    played.emplace_back().attempts.push_back(std::move(attempt));
  // A resumed session that was begun before the reload is not to be had twice.
  std::vector<Played> again;
  for (const Played& each : played)
    if (!each.one().earlier && !stopped() && result::asksForRetry(each.last()))
      for (Attempt& attempt : stage_.play({&each.one()}, 1))
        again.emplace_back().attempts.push_back(std::move(attempt));
  add(std::move(again), played);
  for (const Played& each : played) acceptedById[each.one().id] = accepted(each.last());
  const bool held = !stopped() && controlsStillHold();
  const std::string crash = readLog(played);
  const bool seen = report_.halted == result::kHaltedWentAway && sawItGo(played);
  if (!crash.empty() && !seen) reportCrash(told(crash), played);
  // Whatever became of it, the relay gets its own plan back.
  const std::string back = surroundings_.reload(false);
  std::string stuck;
  if (fault.empty() && back.empty() && !stopped()) stuck = holdsAgain(acceptedById);
  for (Played& each : played) {
    each.notReloaded = fault;
    // What it did wrong with the other tenancy stays wrong.
    if (fault.empty() && !back.empty())
      each.notTakenBack = "and has not got its own back, so give it the plan again: " + back;
    if (!stuck.empty() && each.one().hasTag(catalogue::kShowsReload))
      each.attempts.back().record.checks.push_back(
          {"takes-its-plan-back", false, "the relay took the tenancy of this case and not its own after it: " + stuck});
    judgeOne(std::move(each), acceptedById, held);
  }
}

}  // namespace relayproof::run
