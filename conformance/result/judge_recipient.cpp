#include "conformance/result/judge_recipient.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "conformance/result/judge.h"

namespace relayproof::result {
namespace {

/// The heart of the judge: by what is right, what an acceptance, a denial and a refused handshake are.
struct Row {
  unsigned right;
  Judgement accept, deny, refuseTls;
};
constexpr std::array<Row, 7> kAnswers = {{
    {kAccept, kRight, kRefused, kRefused},
    {kDeny, kHole, kRight, kRefused},
    {kRefuseTls, kHole, kWrongReply, kRight},
    {kAccept | kDeny, kOpen, kOpen, kRefused},
    {kAccept | kRefuseTls, kRight, kRefused, kRight},
    {kDeny | kRefuseTls, kHole, kRight, kRight},
    {kAccept | kDeny | kRefuseTls, kOpen, kOpen, kOpen},
}};

bool watches(const Session& session, std::string_view hop) {
  return std::find(session.watched.begin(), session.watched.end(), hop) != session.watched.end();
}

std::string_view hopOf(const Answer& answer) { return answer.verdict == "deliver" ? "local-hop" : "next-hop"; }

/// The hops and tenants of the acceptances that are right.
std::vector<Answer> acceptances(const Recipient& recipient) {
  std::vector<Answer> found;
  for (const Answer& answer : recipient.expected)
    if (answer.verdict == "deliver" || answer.verdict == "relay") found.push_back(answer);
  return found;
}

bool isNoDataHalt(const Observed& observed, const Circumstances& circumstances) {
  return circumstances.noData && observed.verdict == "not-reached" && observed.stage == "rcpt" &&
         observed.code / 100 == 2;
}

/// A 250 to RCPT is an acceptance only where the relay denies no later.
bool deniesByRcpt(const Circumstances& circumstances) {
  return circumstances.denyStage == "mail" || circumstances.denyStage == "rcpt";
}

/// What was passed on against what was accepted: lost, doubled, in the wrong hop, for the wrong tenant.
std::optional<Finding> passingOn(const Recipient& recipient, const Session& session,
                                 const Circumstances& circumstances) {
  const std::string& address = recipient.address;
  const std::string where = recipient.observed.passedOn.value_or("");
  const std::vector<Answer> right = acceptances(recipient);
  const auto any = [&](auto holds) { return std::any_of(right.begin(), right.end(), holds); };
  if (const std::optional<std::string>& tenant = recipient.observed.tenant;
      tenant && !any([&](const Answer& answer) { return !answer.tenant || answer.tenant == tenant; })) {
    std::set<std::string> tenants;
    for (const Answer& answer : right) tenants.insert(*answer.tenant);
    return failure(Class::hole,
                   fmt::format("{} for tenant {}, where only {} is right; {}", destination(recipient), *tenant,
                               fmt::join(tenants, " or "), certificateOf(session)),
                   "The relay attributes the mail by something else than the connector that matched.");
  }
  const bool marks =
      where == "next-hop" ? circumstances.marksRelayed : where == "local-hop" && circumstances.marksDelivered;
  if (marks && !recipient.observed.tenant && !any([](const Answer& answer) { return !answer.tenant; }))
    return failure(Class::protocol,
                   fmt::format("{} without the mark of a tenant, which the controls had; {}", destination(recipient),
                               certificateOf(session)),
                   "Whoever gets this mail takes it for nobody's, or believes what else it says.");
  if (recipient.observed.forgedMark && !any([](const Answer& answer) { return answer.tenant.has_value(); }))
    return failure(Class::hole,
                   fmt::format("{} for tenant {}, as the client had written; {}", destination(recipient),
                               recipient.observed.tenant.value_or(""), certificateOf(session)),
                   "The relay leaves the client's own mark in mail that it gives none itself.");
  if (where == "twice")
    return failure(Class::protocol, fmt::format("accepted once and passed on twice to {}", address),
                   "The relay queues the message more than once, or tries again after a delivery that succeeded.");
  if (circumstances.oddContent && where == "late-denial")
    return Finding{
        {Outcome::skip, Class::none},
        fmt::format("taken, and not passed on to {}: it bounced the message, which no relay need pass on", address),
        {}};
  if (where == "late-denial")
    return failure(Class::refusal, fmt::format("accepted with 250 and bounced later, for {}", address),
                   "The relay decides after its reply, so the sender hears of it too late.");
  if (where == "none") {
    if (isNoDataHalt(recipient.observed, circumstances)) return std::nullopt;
    if (!std::all_of(right.begin(), right.end(), [&](const Answer& answer) { return watches(session, hopOf(answer)); }))
      return std::nullopt;
    return failure(Class::protocol, fmt::format("accepted with 250 and lost: no sink got it, for {}", address),
                   "The relay drops mail that it has taken responsibility for, or routes it past the sinks.");
  }
  if ((where == "next-hop" || where == "local-hop") &&
      !any([&](const Answer& answer) { return hopOf(answer) == where; }))
    return failure(Class::protocol,
                   fmt::format("accepted, and then it went to the {} instead of the {}, for {}",
                               where == "next-hop" ? "next hop" : "local hop",
                               where == "next-hop" ? "local hop" : "next hop", address),
                   "The relay routes by something else than its accepted domains.");
  return std::nullopt;
}

Finding acceptedFinding(const Recipient& recipient, const Session& session, const Judgement& judgement,
                        const Circumstances& circumstances) {
  const Observed& observed = recipient.observed;
  if (judgement.failure == Class::hole) {
    if (observed.passedOn == "late-denial")
      return failure(Class::reply,
                     fmt::format("accepted{} what must be denied, and bounced it later, for {}; {}", at(observed.stage),
                                 recipient.address, certificateOf(session)),
                     "The relay denies by a bounce where it has to deny by its reply.");
    return failure(Class::hole, fmt::format("accepted{} what must be denied: {}; {}", at(observed.stage),
                                            destination(recipient), certificateOf(session)));
  }
  if (std::optional<Finding> wrong = passingOn(recipient, session, circumstances)) return *wrong;
  return {judgement, fmt::format("accepted{}{}: {}", at(observed.stage), code(observed), destination(recipient)), {}};
}

Finding refusedTlsFinding(const Recipient& recipient, const CaseResult& result, const Session& session,
                          const Judgement& judgement, const Circumstances& circumstances) {
  const bool bareClose = !session.alert && recipient.observed.code == 0;
  const std::string how = session.alert ? fmt::format("by the alert {}", *session.alert)
                          : bareClose   ? "by closing the connection"
                                        : fmt::format("by{}", code(recipient.observed));
  const std::string what = fmt::format("TLS refused {}; {}", how, certificateOf(session));
  const auto refused = [](const Session& one) { return one.tlsOutcome == "refused"; };
  const bool seenOnce = std::count_if(result.sessions.begin(), result.sessions.end(), refused) < 2;
  if (bareClose && seenOnce) return inconclusive(what + ": seen once, and a close alone may be a crash");
  if (recipient.observed.code == kServiceClosing && judgement.outcome == Outcome::fail && seenOnce)
    return inconclusive(what + ": seen once, and a 421 alone may be a matter of load");
  if (judgement.failure == Class::refusal && circumstances.oddCertificate)
    return {{Outcome::skip, Class::none}, what + ": in order, but written as authorities are told not to", {}};
  if (judgement.outcome == Outcome::fail && session.resumed)
    return failure(judgement.failure, what + ": the relay took up an earlier session, and then had no use for it",
                   "The relay cannot read the certificate of a session that it resumes.");
  if (judgement.outcome == Outcome::fail)
    return failure(judgement.failure,
                   what + (judgement.failure == Class::hole ? "" : ": this certificate gives no reason for it"),
                   "The relay takes a certificate that it cannot use for an attack, or asks every client for one.");
  return {judgement, what, {}};
}

Finding smuggledFinding(const Recipient& recipient, const Session& session) {
  if (session.watched.empty()) return inconclusive("no sink watches, so a smuggled message cannot be seen");
  if (recipient.observed.verdict == "accept")
    return failure(Class::hole, fmt::format("a message hidden in another was executed: {}", destination(recipient)));
  if (!watches(session, "next-hop"))
    return inconclusive("no sink watches the next hop, where a smuggled message would go");
  return {kRight, fmt::format("no sink got the message hidden for {}", recipient.address), {}};
}

Finding deferred(const Recipient& recipient, const CaseResult& result) {
  const Observed& observed = recipient.observed;
  const std::string what = fmt::format("deferred{}{}, for {}", at(observed.stage), code(observed), recipient.address);
  if (observed.code == kServiceClosing)
    return inconclusive(what + ": the relay closed the channel, for whatever reason");
  constexpr std::array<std::string_view, 4> early = {"connect", "ehlo", "starttls", "tls"};
  if (std::find(early.begin(), early.end(), observed.stage) != early.end())
    return inconclusive(what + ": before any mail was offered");
  const auto defers = [](const Session& session) {
    return std::any_of(session.transactions.begin(), session.transactions.end(), [](const Transaction& transaction) {
      return std::any_of(transaction.recipients.begin(), transaction.recipients.end(),
                         [](const Recipient& each) { return each.observed.verdict == "defer"; });
    });
  };
  if (std::count_if(result.sessions.begin(), result.sessions.end(), defers) < 2)
    return inconclusive(what + ": once, and not tried again");
  return failure(Class::reply, what + ", twice: neither accepted nor denied",
                 "The relay answers with a temporary failure where it has to decide.");
}

}  // namespace

Finding judgeRecipient(const Recipient& recipient, const Transaction& transaction, const Session& session,
                       const CaseResult& result, const Circumstances& circumstances) {
  const unsigned set = wireSet(recipient);
  const Observed& observed = recipient.observed;
  const auto row =
      std::find_if(kAnswers.begin(), kAnswers.end(), [&](const Row& candidate) { return candidate.right == set; });
  if (row == kAnswers.end()) return error(fmt::format("no expectation for {} under this profile", recipient.address));
  if (transaction.smuggled) return smuggledFinding(recipient, session);

  const std::string verdict = verdictOf(observed, circumstances);
  if (passedOn(observed) && verdict != "accept" && (verdict == "deny" || (set & kAccept) == 0))
    return failure(Class::hole,
                   fmt::format("{}{}{} and yet {}; {}", verdict == "deny" ? "denied" : "not accepted",
                               at(observed.stage), code(observed), destination(recipient), certificateOf(session)),
                   "The relay queues the message before it decides.");
  if (verdict == "defer" && observed.stage == "end-of-data" && passedOn(observed))
    return {{Outcome::fail, Class::protocol},
            fmt::format("deferred{}{} and yet {}: its client sends it again", at(observed.stage), code(observed),
                        destination(recipient)),
            "The relay passes the message on and then answers that it has not taken it, so it arrives twice.",
            false,
            true};
  if (verdict == "accept") return acceptedFinding(recipient, session, row->accept, circumstances);
  if (verdict == "deny") return deniedFinding(recipient, transaction, row->deny, circumstances);
  if (verdict == "refuse-tls") return refusedTlsFinding(recipient, result, session, row->refuseTls, circumstances);
  if (verdict == "defer") return deferred(recipient, result);

  const std::string text = observed.text.empty() ? "" : ": " + observed.text;
  if (std::optional<Finding> sudden = suddenEnd(verdict, observed.stage, observed.text)) return *sudden;
  if (isNoDataHalt(observed, circumstances))
    return inconclusive(
        fmt::format("stopped before DATA: 250 to RCPT says nothing of a relay that denies {}",
                    circumstances.denyStage.empty() ? "at an unknown stage" : "later, at " + circumstances.denyStage));
  // RFC 3030 2: a message in chunks goes on with BDAT, or ends with RSET: 503. RFC 3207 4.2 binds the client alone:
  // 220.
  if (circumstances.oddSequence && session.end.how == "stopped" && (observed.code == 503 || observed.code == 220))
    return {{Outcome::skip, Class::none},
            fmt::format("the relay does otherwise with this sequence of commands{}{}", code(observed), text),
            {}};
  if (session.end.how == "completed") return neutral(fmt::format("nothing was sent to {}", recipient.address));
  return inconclusive(fmt::format("{} was not reached: the session ended{}{}{}", recipient.address, at(observed.stage),
                                  code(observed), text));
}

std::string verdictOf(const Observed& observed, const Circumstances& circumstances) {
  return isNoDataHalt(observed, circumstances) && deniesByRcpt(circumstances) ? "accept" : observed.verdict;
}

}  // namespace relayproof::result
