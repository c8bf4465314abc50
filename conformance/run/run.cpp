#include "conformance/run/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "conformance/catalogue/needs.h"
#include "conformance/result/fingerprint.h"
#include "conformance/run/attempt.h"
#include "conformance/run/relay_log.h"
#include "conformance/run/reproduce.h"
#include "conformance/run/schedule.h"

namespace relayproof::run {
namespace {

constexpr double kPausesBeforeRetry[] = {1, 3};  // seconds; a throttling relay needs time, a broken one will not use it

constexpr double kPausesAfterRestart[] = {0.2, 1, 3, 10};  // seconds until it has to be back
constexpr int kMostRestarts = 50;
constexpr std::size_t kMostLogLines = 100;  // of one case

bool interrupted(const Surroundings& surroundings) { return surroundings.stop && surroundings.stop(); }

void leaveOpen(result::Session& session) {
  for (result::Transaction& transaction : session.transactions)
    for (result::Recipient& recipient : transaction.recipients)
      if (recipient.observed.passedOn == "none") recipient.observed.passedOn.reset();
}

/// How a crash shows, by the line of the relay's log that tells of it.
std::string told(const std::string& line) {
  return line.empty() ? "the relay went away or is not well" : "the relay's log tells of a crash: " + line;
}

class Runner {
 public:
  Runner(const Request& request, const Surroundings& surroundings, result::Report report)
      : request_(request),
        surroundings_(surroundings),
        report_(std::move(report)),
        schedule_(schedule(request.catalogue, request.selected, request.controls, request.profile.name, kBatchSize,
                           request.shuffle ? std::optional(request.seed) : std::nullopt)),
        stage_(request, surroundings, schedule_.all()) {}

  result::Report run();

 private:
  /// The attempts at one case in their order; the last one counts, and a hole in any.
  struct Played {
    std::vector<Attempt> attempts;
    std::optional<bool> acceptedAlone;  ///< the recipient that was denied together with another
    bool wentAway = false;              ///< the relay, after this
    std::string notReloaded;            ///< why the relay does not have the tenancy for this
    std::string notTakenBack;           ///< why it still has that of this, or another
    std::string crash;                  ///< the line of its log that tells of one beside this
    std::vector<std::string> log;       ///< its lines about this
    const catalogue::Case& one() const { return *attempts.front().one; }
    const result::Session& last() const { return attempts.back().seen; }
  };
  struct Wave {
    std::vector<Played> played;
    bool vouched = false;  ///< by the controls behind them
  };
  struct Kept {
    Attempt attempt;
    result::CaseResult result;
    result::Circumstances circumstances;
  };

  bool runControls();
  bool holds(std::vector<Attempt> controls);
  bool controlsStillHold();
  bool retry(std::vector<Played>& played);
  Wave playBeforeControls(const std::vector<const catalogue::Case*>& cases, std::size_t jobs);
  void runBatch(const Batch& batch);
  void runAfterReload();
  std::string showsReload();
  std::string holdsAgain(const std::map<std::string, bool>& acceptedBefore);
  bool unwell();
  bool revive();
  std::string readLog(std::vector<Played>& played);
  void playOneByOne(std::vector<Played>& played, const std::string& crash);
  static void add(std::vector<Played> more, std::vector<Played>& played);
  static bool sawItGo(std::vector<Played>& played);
  bool borne(std::vector<Played>& played, bool vouched);
  void reportCrash(const std::string& how, const std::vector<Played>& during);
  void judgeBatch(std::vector<Played> played, bool controlsHeld);
  void judgeOne(Played played, const std::map<std::string, bool>& acceptedById, bool controlsHeld);
  /// What was declared of DATA and of where the relay denies, without which no session tells its verdict.
  result::Circumstances declared() const;
  bool accepted(const result::Session& session) const { return result::accepted(session, declared()); }
  void judge(result::CaseResult& result, const catalogue::Case& one, const result::Circumstances& circumstances);
  void finish(const std::string& id);
  void sweep(bool inTime);
  result::CaseResult describe(const catalogue::Case& one);
  void addSession(result::CaseResult& result, const Attempt& attempt);
  bool isPositive(const catalogue::Case& control);
  bool isOpen(const Attempt& attempt);
  bool halted() const { return report_.halted.has_value(); }
  bool stopped();

  const Request& request_;
  const Surroundings& surroundings_;
  result::Report report_;
  Schedule schedule_;
  Stage stage_;
  std::set<std::string> working_;  // ids of the positive controls that were accepted at the start
  std::set<std::string> selected_;
  std::map<std::string, Kept> kept_;
  std::vector<std::string> order_;
  std::set<std::string> late_;  // those whose verdict waits for the last look, or has changed by it
  bool asksForCertificate_ = false;
  bool neverAskingReported_ = false;
  std::string learntDenyStage_;
  std::vector<result::CaseResult> crashes_;  // that no single case shows
  bool mute_ = false;                        // the controls were taken, and none was greeted
  int restarts_ = 0;
};

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

result::Circumstances Runner::declared() const {
  result::Circumstances circumstances;
  circumstances.noData = request_.setup.noData;
  circumstances.denyStage = request_.setup.denyStage.empty() ? learntDenyStage_ : request_.setup.denyStage;
  return circumstances;
}

bool Runner::stopped() {
  if (interrupted(surroundings_) && !halted()) report_.halted = result::kHaltedInterrupted;
  return halted();
}

result::CaseResult Runner::describe(const catalogue::Case& one) {
  const catalogue::Judged& judged = stage_.computed(one);
  result::CaseResult result;
  result.id = one.id;
  result.title = one.title;
  result.since = one.since;
  result.tier = judged.tier;
  result.hangsOn = judged.hangsOn;
  result.rules = judged.rules;
  result.sources = one.sources;
  result.tags = one.tags;
  if (const auto* twin = request_.catalogue.twinOf(one, request_.profile.name)) result.twin = twin->id;
  result.purpose = one.why;
  result.file = one.file;
  result.line = one.line;
  return result;
}

void Runner::addSession(result::CaseResult& result, const Attempt& attempt) {
  result.sessions.push_back(attempt.seen);
  result.checks.clear();
  for (const session::CheckRecord& check : attempt.record.checks)
    result.checks.push_back({check.name, check.ok, check.why});
  result.durationMs += static_cast<std::int64_t>(attempt.record.seconds * 1000);
  result.token = attempt.token;
  Setup reached = request_.setup;
  reached.target = report_.target.address;
  result.reproduce =
      reproduceCommand(*attempt.one, attempt.steps, attempt.transactions, reached, attempt.source, request_.asMinted);
  result.again =
      attempt.one->control ? request_.command : fmt::format("{} --filter {}", request_.command, attempt.one->id);
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

void Runner::judgeOne(Played played, const std::map<std::string, bool>& acceptedById, bool controlsHeld) {
  const catalogue::Case& one = played.one();
  result::CaseResult result = describe(one);
  for (const Attempt& attempt : played.attempts) addSession(result, attempt);

  result::Circumstances circumstances = declared();
  const catalogue::Case* twin = request_.catalogue.twinOf(one, request_.profile.name);
  circumstances.twinNeeded = twin != nullptr;
  circumstances.twinSaysTheSame = twin != nullptr && one.saysTheSame(*twin);
  if (const auto found = twin ? acceptedById.find(twin->id) : acceptedById.end(); found != acceptedById.end())
    circumstances.twinAccepted = found->second;
  circumstances.controlsHeld = controlsHeld;
  circumstances.relayAsksForCertificate = asksForCertificate_;
  circumstances.presentsCertificate = one.fixture.has_value();
  circumstances.mayResume = one.earlier && one.earlier->resumes();
  circumstances.renegotiates = one.earlier && one.earlier->inThisSession();
  circumstances.tlsNotSpoken = one.tls == "1.3" && report_.target.tls == "TLSv1.2";
  if (one.control && one.fixture && !asksForCertificate_ && !neverAskingReported_) {
    // One finding, judged as what it comes to: the session of a client without a certificate.
    neverAskingReported_ = true;
    circumstances.presentsCertificate = false;
    result.purpose =
        "The relay never asks for a client certificate in the handshake, so it cannot know its senders by one. "
        "Turn the request for client certificates on.";
    for (result::Session& session : result.sessions) session.chainArrived = true;
  }
  circumstances.injects = one.hasTag("injection");
  circumstances.oddSignature = one.hasTag("signature-algorithm");
  circumstances.withinLimits = one.hasTag("limits");
  circumstances.strictReply = request_.strict;
  for (const wire::Transaction& transaction : played.attempts.back().transactions) {
    circumstances.sendsMailParameters |= !transaction.mailParameters.empty();
    circumstances.sendsRecipientParameters |= !transaction.recipientParameters.empty();
  }
  circumstances.acceptedRecipientAloneAccepted = played.acceptedAlone;
  circumstances.wentAway = played.wentAway;
  circumstances.notReloaded = played.notReloaded;
  circumstances.crash = played.crash;
  result.relayLog = std::move(played.log);
  judge(result, one, circumstances);
  if (!played.notTakenBack.empty() && result.outcome != result::Outcome::fail) {
    circumstances.notReloaded = played.notTakenBack;
    judge(result, one, circumstances);
  }
  if (!kept_.contains(one.id)) order_.push_back(one.id);
  // Mail that is not there yet may be late: of that nobody is told before the last look.
  const bool late = awaitsMail(played.attempts.back().seen);
  kept_[one.id] = Kept{std::move(played.attempts.back()), std::move(result), circumstances};
  if (late)
    late_.insert(one.id);
  else
    finish(one.id);
}

void Runner::judge(result::CaseResult& result, const catalogue::Case& one, const result::Circumstances& circumstances) {
  result::judge(result, circumstances);
  result.circumstances = circumstances;
  result.evidence = result::evidenceOf(result, circumstances, stage_.ways(one), request_.profile.allowed);
}

void Runner::finish(const std::string& id) {
  const result::CaseResult& result = kept_.at(id).result;
  surroundings_.finished(result);
  if (request_.failFast && result.outcome == result::Outcome::fail && !halted()) report_.halted = kFailFast;
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

void Runner::judgeBatch(std::vector<Played> played, bool controlsHeld) {
  std::map<std::string, bool> acceptedById;
  for (const Played& each : played) acceptedById[each.one().id] = accepted(each.last());
  for (Played& each : played)
    if (selected_.contains(each.one().id) && !kept_.contains(each.one().id))
      judgeOne(std::move(each), acceptedById, controlsHeld);
}

/// The relay is gone, or says itself that it is not well.
bool Runner::unwell() {
  if (surroundings_.healthy && !surroundings_.healthy() && !stopped()) report_.halted = result::kHaltedWentAway;
  if (!halted()) controlsStillHold();
  return report_.halted == result::kHaltedWentAway;
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
        return line.find(attempt.token) != std::string::npos;
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
    if (!sawItGo(played) && sick) reportCrash(told(crash), played);
  } else if (gone || !crash.empty()) {
    playOneByOne(played, crash);
    return halted() || controlsStillHold();
  }
  return vouched;
}

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

/// The last look into the sinks. Where the run has ended before its time, nothing is said of mail that may be on its
/// way.
void Runner::sweep(bool inTime) {
  if (!surroundings_.nextHop && !surroundings_.localHop) return;
  if (inTime) surroundings_.sleep(stage_.settle());
  for (const std::string& id : order_) {
    Kept& kept = kept_.at(id);
    if (!stage_.lookAgain(kept.attempt) && (inTime || !awaitsMail(kept.attempt.seen))) continue;
    if (!inTime) leaveOpen(kept.attempt.seen);
    kept.result.sessions.back() = kept.attempt.seen;
    judge(kept.result, *kept.attempt.one, kept.circumstances);
    late_.insert(id);
  }
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
      if (const auto kept = kept_.find(one->id); kept != kept_.end()) report_.results.push_back(kept->second.result);
  report_.results.insert(report_.results.end(), crashes_.begin(), crashes_.end());
  result::takeFingerprint(report_);
  if (!report_.results.empty() && report_.results.back().id == result::kContradiction)
    surroundings_.finished(report_.results.back());
  report_.durationMs = static_cast<std::int64_t>((surroundings_.now() - start) * 1000);
  return std::move(report_);
}

}  // namespace

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
