// What becomes of what was played: its result, judged in its circumstances, and once more where mail came late.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/catalogue/needs.h"
#include "conformance/result/evidence.h"
#include "conformance/run/reproduce.h"
#include "conformance/run/runner.h"
#include "conformance/wire/ehlo.h"

namespace relayproof::run {
namespace {

void leaveOpen(result::Session& session) {
  for (result::Transaction& transaction : session.transactions)
    for (result::Recipient& recipient : transaction.recipients)
      if (recipient.observed.passedOn == "none") recipient.observed.passedOn.reset();
}

/// What the answer to EHLO leaves out is no failure: nobody need offer it.
std::string notOffered(const catalogue::Catalogue& catalogue, const catalogue::Case& one,
                       const session::Record& record) {
  const bool answered = !record.ehlo.empty() || std::ranges::any_of(record.transactions, [](const auto& transaction) {
    return transaction.mail.has_value();
  });
  for (const catalogue::Capability& each : catalogue::capabilities())
    if (answered && !each.keyword.empty() && !wire::offers(record.ehlo, each.keyword) &&
        catalogue::needs(catalogue, one, each))
      return std::string(each.keyword);
  return {};
}

}  // namespace

result::Circumstances Runner::declared() const {
  result::Circumstances circumstances;
  circumstances.noData = request_.setup.noData;
  circumstances.marksRelayed = marksRelayed_;
  circumstances.marksDelivered = marksDelivered_;
  circumstances.denyStage = request_.setup.denyStage.empty() ? learntDenyStage_ : request_.setup.denyStage;
  return circumstances;
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
  result.token = attempt.delivery.token;
  Setup reached = request_.setup;
  reached.target = report_.target.address;
  result.reproduce =
      reproduceCommand(*attempt.one, attempt.steps, attempt.transactions, reached, attempt.source, request_.asMinted);
  result.again =
      attempt.one->control ? request_.command : fmt::format("{} --filter {}", request_.command, attempt.one->id);
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
  circumstances.talksEarly = one.hasTag("early-talk");
  circumstances.oddSignature = one.hasTag("signature-algorithm");
  circumstances.oddCertificate = one.hasTag("odd-certificate");
  circumstances.oddSequence = one.hasTag("odd-sequence");
  circumstances.withinLimits = one.hasTag("limits");
  circumstances.oddContent = one.hasTag("odd-content");
  circumstances.plainContent = std::ranges::all_of(one.transactions, &catalogue::TransactionPlan::hasPlainContent);
  circumstances.strictReply = request_.strict;
  const Attempt& last = played.attempts.back();
  circumstances.parametersOffered = true;
  for (const wire::Transaction& transaction : last.transactions) {
    circumstances.parametersOffered &=
        wire::offersParameters(last.record.ehlo, transaction.mailParameters + transaction.recipientParameters);
    circumstances.sendsMailParameters |= !transaction.mailParameters.empty() || transaction.extended;
    circumstances.sendsRecipientParameters |= !transaction.recipientParameters.empty();
  }
  circumstances.notOffered = notOffered(request_.catalogue, one, last.record);
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
  kept_[one.id] = Kept{&one, std::move(played.attempts.back().delivery), std::move(result)};
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

void Runner::judgeBatch(std::vector<Played> played, bool controlsHeld) {
  std::map<std::string, bool> acceptedById;
  for (const Played& each : played) acceptedById[each.one().id] = accepted(each.last());
  for (Played& each : played)
    if (selected_.contains(each.one().id) && !kept_.contains(each.one().id))
      judgeOne(std::move(each), acceptedById, controlsHeld);
}

/// The last look into the sinks. Where the run has ended before its time, nothing is said of mail that may be on its
/// way.
void Runner::sweep(bool inTime) {
  if (!surroundings_.nextHop && !surroundings_.localHop) return;
  if (inTime) surroundings_.sleep(stage_.settle());
  for (const std::string& id : order_) {
    Kept& kept = kept_.at(id);
    result::Session& shown = kept.result.sessions.back();
    if (!stage_.lookAgain(*kept.one, kept.delivery, shown) && (inTime || !awaitsMail(shown))) continue;
    if (!inTime) leaveOpen(shown);
    judge(kept.result, *kept.one, result::Circumstances(*kept.result.circumstances));
    late_.insert(id);
  }
}

}  // namespace relayproof::run
