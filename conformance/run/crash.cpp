// Whether the relay has borne what was played, and which case is to blame where it has not.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conformance/result/fingerprint.h"
#include "conformance/run/relay_log.h"
#include "conformance/run/runner.h"

namespace relayproof::run {
namespace {

constexpr int kMostRestarts = 50;
constexpr std::size_t kMostLogLines = 100;  // of one case

}  // namespace

/// The relay is gone, or says itself that it is not well.
bool Runner::unwell() {
  if (surroundings_.healthy && !surroundings_.healthy() && !stopped()) report_.halted = result::kHaltedWentAway;
  if (!halted()) controlsStillHold();
  return report_.halted == result::kHaltedWentAway;
}

std::string Runner::told(const std::string& line) {
  return line.empty() ? "the relay went away or is not well" : "the relay's log tells of a crash: " + line;
}

/// Brings a relay back that went away; the run goes on when it is there again.
bool Runner::revive() {
  if (!surroundings_.restart || restarts_ == kMostRestarts) return false;
  ++restarts_;
  if (!surroundings_.restart()) return false;
  for (const double pause : kPausesAfterRestart) {
    surroundings_.sleep(pause);
    report_.halted.reset();
    if (stopped()) return false;
    if (!unwell()) return true;
  }
  return false;
}

/// Gives each session the lines that hold its token, and yields the first that tells of a crash.
std::string Runner::readLog(std::vector<Played>& played) {
  if (!surroundings_.newLog) return {};
  const std::vector<std::string> lines = logLines(surroundings_.newLog());
  for (Played& each : played)
    for (const std::string& line : lines) {
      const bool about = std::any_of(each.attempts.begin(), each.attempts.end(), [&](const Attempt& attempt) {
        return line.find(attempt.delivery.token) != std::string::npos;
      });
      if ((about || played.size() == 1) && each.log.size() < kMostLogLines) each.log.push_back(line);
    }
  const auto crash = std::find_if(lines.begin(), lines.end(), tellsOfCrash);
  return crash == lines.end() ? std::string() : *crash;
}

/// The relay crashed while these were played: which case does it? Each is played alone, and what it shows then counts;
/// of what it showed before, no hole is forgotten. Those that it does not come to are taken out.
void Runner::playOneByOne(std::vector<Played>& played, const std::string& crash) {
  bool shown = false;
  std::size_t count = 0;
  while (count < played.size() && !halted()) {
    Played& each = played[count];
    std::vector<Played> alone;
    for (Attempt& attempt : stage_.play({&each.one()}, 1)) alone.emplace_back().attempts.push_back(std::move(attempt));
    if (stopped() || alone.empty()) break;
    ++count;
    const session::End end = alone.front().attempts.front().record.end;
    each.crash = readLog(alone);
    const bool suspect = end != session::End::completed && end != session::End::stopped;
    each.wentAway = (suspect || !each.crash.empty()) && unwell();
    shown |= each.wentAway || !each.crash.empty();
    if (!halted() && each.crash.empty()) retry(alone);
    add(std::move(alone), played);
    if (report_.halted == result::kHaltedWentAway && !revive()) break;
  }
  played.resize(count);
  if (!shown) reportCrash(told(crash), played);
}

/// The sessions of `more` behind those that are there of the same cases.
void Runner::add(std::vector<Played> more, std::vector<Played>& played) {
  for (Played& next : more)
    for (Played& each : played)
      if (&each.one() == &next.one()) {
        std::move(next.attempts.begin(), next.attempts.end(), std::back_inserter(each.attempts));
        std::move(next.log.begin(), next.log.end(), std::back_inserter(each.log));
        if (next.acceptedAlone) each.acceptedAlone = next.acceptedAlone;
        break;
      }
}

/// Who was cut off in the middle saw the relay go away; whoever could not connect, or was turned away, did not.
bool Runner::sawItGo(std::vector<Played>& played) {
  bool any = false;
  for (Played& each : played) {
    each.wentAway = each.attempts.back().record.end == session::End::dropped && each.last().tlsOutcome != "refused";
    any |= each.wentAway;
  }
  return any;
}

/// A crash that no case shows alone is a failure of its own.
void Runner::reportCrash(const std::string& how, const std::vector<Played>& during) {
  result::CaseResult result;
  result.id = fmt::format("{}{}", result::kCrash, crashes_.size() + 1);
  result.title = "the relay crashed";
  result.since = "0.1";
  result.tier = "must";
  result.outcome = result::Outcome::fail;
  result.failure = result::Class::robustness;
  result.purpose = "A crash that no case shows when it is played alone.";
  result.why = how;
  if (!during.empty())
    result.why += fmt::format("; it was while {} to {} were played", during.front().one().id, during.back().one().id);
  result.likely = "Something that happens between sessions at once, or that earlier ones have prepared.";
  result.checks = {{"no-crash", false, result.why}};
  result.again = request_.command;
  surroundings_.finished(result);
  crashes_.push_back(std::move(result));
}

/// Looks whether the relay has borne what was played, and who is to blame where it has not. Whether the controls vouch
/// for it then.
bool Runner::borne(std::vector<Played>& played, bool vouched) {
  const bool sick = !halted() && surroundings_.healthy && !surroundings_.healthy();
  if (sick) report_.halted = result::kHaltedWentAway;
  const std::string crash = readLog(played);
  const bool gone = report_.halted == result::kHaltedWentAway;
  if (gone && !revive()) {
    if (!sawItGo(played)) reportCrash(told(crash), played);
  } else if (gone || !crash.empty()) {
    playOneByOne(played, crash);
    return halted() || controlsStillHold();
  }
  return vouched;
}

}  // namespace relayproof::run
