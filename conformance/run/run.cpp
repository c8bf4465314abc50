#include "conformance/run/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conformance/catalogue/needs.h"
#include "conformance/result/fingerprint.h"
#include "conformance/run/runner.h"

namespace relayproof::run {
namespace {

constexpr double kPausesBeforeRetry[] = {1, 3};  // seconds; a throttling relay needs time, a broken one will not use it

}  // namespace

bool Runner::isPositive(const catalogue::Case& control) {
  for (const auto& transaction : stage_.computed(control).acceptable)
    for (const auto& recipient : transaction)
      if (recipient.wire().contains(verdict::Wire::accept)) return true;
  return false;
}

/// The negative control was accepted.
bool Runner::isOpen(const Attempt& attempt) {
  return !isPositive(*attempt.one) && result::anyAccepted(attempt.seen, declared());
}

bool Runner::stopped() {
  if (interrupted(surroundings_) && !halted()) report_.halted = result::kHaltedInterrupted;
  return halted();
}

/// Tries again what one session leaves open. True when there was such a thing.
bool Runner::retry(std::vector<Played>& played) {
  bool any = false;
  for (Played& each : played) {
    if (result::asksForRetry(each.last())) {
      any = true;
      for (Attempt& again : stage_.play({&each.one()}, 1)) each.attempts.push_back(std::move(again));
    }
    if (const auto place = result::recipientToRetryAlone(each.last())) {
      any = true;
      const auto alone = stage_.playAlone(each.one(), *place);
      if (!alone) continue;
      // A relay that has had enough neither accepts nor denies.
      const std::string& verdict = alone->seen.transactions.at(place->transaction).recipients.at(0).observed.verdict;
      if (verdict == "accept" || verdict == "deny") each.acceptedAlone = verdict == "accept";
    }
  }
  return any;
}

/// The cases with the controls behind them in one wave, so that no slot waits for the slowest session. The controls
/// vouch for them where all of the cases' sessions ended first; where one did not they are played once more, and so
/// they are after what had to be tried again.
Runner::Wave Runner::playBeforeControls(const std::vector<const catalogue::Case*>& cases, std::size_t jobs) {
  std::vector<const catalogue::Case*> all = cases;
  all.insert(all.end(), request_.controls.begin(), request_.controls.end());
  Wave wave;
  std::vector<Attempt> controls;
  std::size_t lastCase = 0, firstControl = all.size();  // by the order in which they ended
  for (Attempt& attempt : stage_.play(all, jobs)) {
    if (attempt.one->control) {
      firstControl = std::min(firstControl, attempt.endedAs);
      controls.push_back(std::move(attempt));
    } else {
      lastCase = std::max(lastCase, attempt.endedAs);
      wave.played.emplace_back().attempts.push_back(std::move(attempt));
    }
  }
  wave.vouched =
      stopped() || (holds(std::move(controls)) && (halted() || lastCase < firstControl || controlsStillHold()) &&
                    (halted() || !retry(wave.played) || controlsStillHold()));
  return wave;
}

/// Whether there was mail for that hop, all of it with the mark of a tenant.
bool Runner::marked(const std::vector<Played>& controls, std::string_view hop) {
  bool any = false;
  for (const Played& control : controls)
    for (const result::Transaction& transaction : control.last().transactions)
      for (const auto& [address, expected, observed] : transaction.recipients) {
        if (observed.passedOn != hop) continue;
        if (!observed.tenant) return false;
        any = true;
      }
  return any;
}

bool Runner::runControls() {
  std::vector<Attempt> attempts;
  for (std::size_t tries = 0;; ++tries) {
    attempts = stage_.play(request_.controls, request_.jobs);
    if (interrupted(surroundings_)) {
      report_.halted = result::kHaltedInterrupted;
      return false;
    }
    const bool held = std::all_of(attempts.begin(), attempts.end(), [&](const Attempt& attempt) {
      return accepted(attempt.seen) == isPositive(*attempt.one);
    });
    const bool open = std::any_of(attempts.begin(), attempts.end(), [&](const Attempt& a) { return isOpen(a); });
    if (held || open || tries == std::size(kPausesBeforeRetry)) break;
    if (std::all_of(attempts.begin(), attempts.end(),
                    [](const Attempt& a) { return a.record.end == session::End::unreachable; }))
      break;
    surroundings_.sleep(kPausesBeforeRetry[tries]);
  }
  stage_.learnSettle(attempts);

  std::vector<Played> controls;
  for (Attempt& attempt : attempts) controls.emplace_back().attempts.push_back(std::move(attempt));
  retry(controls);
  bool open = false;
  bool reached = controls.empty();
  for (const Played& control : controls) {
    const session::Record& record = control.attempts.back().record;
    reached |= record.end != session::End::unreachable;
    if (!record.greeting.empty()) report_.target.greeting = record.greeting;
    if (!record.ehlo.empty()) report_.target.ehlo = record.ehlo;
    if (!record.tls.version.empty()) report_.target.tls = record.tls.version;
    if (record.tls.certificateRequested) {
      asksForCertificate_ = true;
      report_.target.authorities = record.tls.authorities;
    }
    if (isPositive(control.one())) {
      if (accepted(control.last())) working_.insert(control.one().id);
    } else {
      open |= isOpen(control.attempts.back());
      for (const auto& transaction : control.last().transactions)
        for (const auto& recipient : transaction.recipients)
          if (recipient.observed.verdict == "deny") learntDenyStage_ = recipient.observed.stage;
    }
  }
  report_.target.asked = asksForCertificate_;
  marksRelayed_ = marked(controls, "next-hop");
  marksDelivered_ = marked(controls, "local-hop");
  // A relay that accepts nothing may be wrong, or not set up yet: nothing but a hole is said of it.
  for (Played& control : controls) judgeOne(std::move(control), {}, !working_.empty());
  if (open)
    report_.halted = result::kHaltedOpenRelay;
  else if (!reached)
    report_.halted = result::kHaltedUnreachable;
  else if (working_.empty())
    report_.halted = result::kHaltedNoControl;
  return !halted();
}

/// Whether all that worked at the start still does. Halts the run where the relay is gone or open, or the user
/// interrupts; what ended before an interruption stands.
bool Runner::holds(std::vector<Attempt> controls) {
  const auto open = std::find_if(controls.begin(), controls.end(), [&](const Attempt& a) { return isOpen(a); });
  const bool gone = std::all_of(controls.begin(), controls.end(),
                                [](const Attempt& attempt) { return attempt.record.end == session::End::unreachable; });
  mute_ = !controls.empty() && std::all_of(controls.begin(), controls.end(), [](const Attempt& attempt) {
    return attempt.record.end == session::End::timeout && attempt.record.greeting.empty();
  });
  const bool all = std::all_of(controls.begin(), controls.end(), [&](const Attempt& attempt) {
    return !working_.contains(attempt.one->id) || accepted(attempt.seen);
  });
  if (open != controls.end()) {
    Played alone;
    alone.attempts.push_back(std::move(*open));
    judgeOne(std::move(alone), {}, true);
    report_.halted = result::kHaltedOpenRelay;
  }
  if (!stopped() && gone && !controls.empty()) report_.halted = result::kHaltedWentAway;
  return all;
}

bool Runner::controlsStillHold() { return holds(stage_.play(request_.controls, request_.jobs)); }

void Runner::runBatch(const Batch& batch) {
  Wave wave = playBeforeControls(batch.cases, request_.jobs);
  bool held = borne(wave.played, wave.vouched);
  for (const double pause : kPausesBeforeRetry) {
    if (held || halted()) break;
    surroundings_.sleep(pause);
    if (!controlsStillHold()) continue;
    if (halted()) break;
    Wave again = playBeforeControls(batch.cases, 1);
    add(std::move(again.played), wave.played);
    held = borne(wave.played, again.vouched) && !stopped();
  }
  if (!held && mute_ && !halted() && !stopped()) {
    reportCrash("it takes connections and greets nobody", wave.played);
    report_.halted = result::kHaltedWentAway;
    revive();
  }
  judgeBatch(std::move(wave.played), held);
}

result::Report Runner::run() {
  const double start = surroundings_.now();
  report_.target.address = fmt::format("{}:{}", request_.target.host, request_.target.port);
  report_.profile = request_.profile.name;
  report_.seed = request_.seed;
  report_.inForce = request_.profile.allowed;
  report_.selected = static_cast<int>(request_.selected.size() + request_.controls.size());
  report_.passingOnSeen = surroundings_.nextHop || surroundings_.localHop;
  for (const catalogue::Case* one : request_.selected) selected_.insert(one->id);

  if (runControls()) {
    for (const Batch& batch : schedule_.batches) {
      if (halted()) break;
      runBatch(batch);
    }
    if (!halted()) runAfterReload();
    sweep(!stopped() || *report_.halted == kFailFast);
  }
  for (const std::string& id : order_)
    if (late_.contains(id)) finish(id);
  std::vector<Played> nobody;
  if (const std::string crash = readLog(nobody); !crash.empty()) reportCrash(told(crash), nobody);
  // In the order of the catalogue, whatever the order of the sessions was.
  for (const auto* cases : {&request_.controls, &request_.selected})
    for (const catalogue::Case* one : *cases)
      if (const auto kept = kept_.find(one->id); kept != kept_.end())
        report_.results.push_back(std::move(kept->second.result));
  report_.results.insert(report_.results.end(), crashes_.begin(), crashes_.end());
  result::takeFingerprint(report_);
  if (!report_.results.empty() && report_.results.back().id == result::kContradiction)
    surroundings_.finished(report_.results.back());
  report_.durationMs = static_cast<std::int64_t>((surroundings_.now() - start) * 1000);
  return std::move(report_);
}

result::Report run(const Request& request, const Surroundings& surroundings, result::Report report) {
  return Runner(request, surroundings, std::move(report)).run();
}

std::vector<const catalogue::Case*> controlsOf(const catalogue::Catalogue& catalogue,
                                               const std::vector<std::string>& without) {
  std::vector<const catalogue::Case*> controls;
  for (const catalogue::Case& one : catalogue.cases) {
    const bool declaredAway =
        std::any_of(catalogue::capabilities().begin(), catalogue::capabilities().end(), [&](const auto& capability) {
          return std::find(without.begin(), without.end(), capability.name) != without.end() &&
                 catalogue::needs(catalogue, one, capability);
        });
    if (one.control && !declaredAway) controls.push_back(&one);
  }
  return controls;
}

}  // namespace relayproof::run
