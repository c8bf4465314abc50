#include "conformance/result/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "conformance/result/judge_recipient.h"

namespace relayproof::result {
namespace {

/// A sudden end that no recipient waited for, such as between two steps. One at QUIT is sloppy, and no more.
std::optional<Finding> judgeEnd(const Session& session) {
  const bool told = std::any_of(session.transactions.begin(), session.transactions.end(), [](const Transaction& t) {
    return std::any_of(t.recipients.begin(), t.recipients.end(), [](const Recipient& recipient) {
      const std::string& verdict = recipient.observed.verdict;
      return verdict == "drop" || verdict == "timeout" || verdict == "protocol-error" || verdict == "refuse-tls";
    });
  });
  if (told || session.end.stage == "quit" || session.tlsOutcome == "refused") return std::nullopt;
  return suddenEnd(session.end.how, session.end.stage, session.end.text);
}

/// Refused before a certificate was asked for: for what the client offers of TLS, and not for who it is.
std::optional<Finding> judgeOffer(const Session& session) {
  if (session.tlsOutcome != "refused" || !session.alert || session.certificateRequested || session.resumed)
    return std::nullopt;
  const std::string what =
      fmt::format("TLS refused by the alert {} before a certificate was asked for", *session.alert);
  if (session.alert == "unrecognized_name")
    return Finding{{Outcome::skip, Class::none}, what + ": the relay knows no such server name, which is no fault", {}};
  if (session.alert == "protocol_version")
    return inconclusive(what + ": it tells of the version of TLS; --without tls12 declares 1.2 away");
  return std::nullopt;
}

/// Faults on our side of the wire, which no relay is to blame for.
std::optional<Finding> judgeHarness(const Session& session, const Circumstances& circumstances) {
  if (session.tlsOutcome == "none") {
    const bool failed = session.end.how == "protocol-error" && session.end.stage == "tls";
    if (!failed || !circumstances.presentsCertificate || session.chainArrived) return std::nullopt;
    return error(fmt::format("the handshake failed before our certificate had left: {}", session.end.text));
  }
  if (session.resumed && !circumstances.mayResume)
    return error("the TLS session was resumed, so the certificate of this case was not looked at");
  if (session.resumed || (circumstances.renegotiates && session.tlsOutcome == "refused")) return std::nullopt;
  if (circumstances.renegotiates && !session.certificateRequested)
    return Finding{{Outcome::skip, Class::none}, "the relay does not ask for a certificate again", {}};
  if (circumstances.presentsCertificate && !session.certificateRequested)
    return inconclusive("the relay did not ask for a client certificate in this session");
  if (circumstances.oddSignature && session.withheld)
    return Finding{{Outcome::skip, Class::none},
                   "the relay names the signature algorithms that it takes, and this certificate's is not among them",
                   {}};
  const bool tooEarly = circumstances.renegotiates && session.end.how != "completed";
  if (!session.chainArrived && !tooEarly)
    return error(fmt::format("what left our socket is not the chain of this case ({})", certificateOf(session)));
  return std::nullopt;
}

/// Octets in the clear follow STARTTLS, and that is the end: where they are handed to TLS it takes them for no record.
/// An answer in the clear where TLS should begin is none: it may be to what was injected.
bool endsOnInjection(const Session& session, const Circumstances& circumstances) {
  const bool closes = session.end.how == "stopped" || session.end.how == "dropped";
  const bool there = session.end.stage == "step" || session.end.stage == "tls";
  return circumstances.injects && session.tlsOutcome != "ok" && closes && there && !anyAccepted(session, circumstances);
}

/// A relay may turn a client away that talks out of turn, or read a command in what it says that ends the session.
bool endsOnEarlyTalk(const Session& session, const Circumstances& circumstances) {
  constexpr std::array<std::string_view, 5> before = {"connect", "ehlo", "starttls", "tls", "step"};
  const bool closes = session.end.how == "stopped" || session.end.how == "dropped";
  return circumstances.talksEarly && closes && !anyAccepted(session, circumstances) &&
         std::find(before.begin(), before.end(), session.end.stage) != before.end();
}

std::vector<Finding> judgeSession(const Session& session, const CaseResult& result,
                                  const Circumstances& circumstances) {
  const bool early = endsOnEarlyTalk(session, circumstances);
  const bool injected = early || endsOnInjection(session, circumstances);
  std::vector<Finding> findings;
  if (early)
    findings.push_back({{Outcome::skip, Class::none},
                        "the relay ends the session of a client that talks out of turn: " + session.end.text,
                        {}});
  else if (injected)
    findings.push_back({{Outcome::skip, Class::none},
                        "the relay ends the session where octets follow STARTTLS, so none of them can be executed "
                        "under TLS: " +
                            session.end.text,
                        {}});
  else if (std::optional<Finding> offer = judgeOffer(session))
    return {*offer};
  else if (std::optional<Finding> ours = judgeHarness(session, circumstances))
    return {*ours};
  const bool carriesSmuggled = std::any_of(session.transactions.begin(), session.transactions.end(),
                                           [](const Transaction& transaction) { return transaction.smuggled; });
  for (const Transaction& transaction : session.transactions)
    for (const Recipient& recipient : transaction.recipients) {
      if (injected && !passedOn(recipient.observed)) continue;
      Finding finding = judgeRecipient(recipient, transaction, session, result, circumstances);
      // Refusing the carrier for its line ends or long lines, be it by a bounce, is as right as taking it: only what
      // was hidden in it is judged.
      const bool refused = recipient.observed.verdict == "deny" || recipient.observed.passedOn == "late-denial";
      if (carriesSmuggled && !transaction.smuggled && !isHole(finding) &&
          (refused || finding.judgement.outcome == Outcome::observed))
        finding = neutral(finding.why);
      findings.push_back(std::move(finding));
    }
  for (const std::string& stray : session.strays)
    findings.push_back(
        failure(Class::hole, fmt::format("passed on to {}, to whom nobody sent; {}", stray, certificateOf(session))));
  if (!carriesSmuggled && !session.lostLines.empty())
    findings.push_back(failure(Class::protocol,
                               fmt::format("passed on without its line \"{}\"", session.lostLines.front()),
                               "The relay cuts or changes what it passes on."));
  if (!session.mergedMessages.empty())
    findings.push_back(
        failure(Class::protocol,
                fmt::format("two messages of the session were passed on as one to {}", session.mergedMessages.front()),
                "What is left of one message is in front of the next."));
  // Where we sent none, they are the relay's own, in its trace headers.
  if (carriesSmuggled && !session.bareLineEnds.empty())
    findings.push_back(
        failure(Class::protocol,
                fmt::format("passed on with bare line ends or NUL, as in \"{}\"", session.bareLineEnds.front()),
                "The relay passes octets on as they came that the next server may take for the end of a message."));
  if (std::optional<Finding> end = injected ? std::nullopt : judgeEnd(session)) findings.push_back(*end);
  return findings;
}

/// Gravest first: error, fail (by class), inconclusive, observed, pass.
int gravity(const Finding& finding) {
  const Judgement& judgement = finding.judgement;
  const auto rank = std::find(kClasses.begin(), kClasses.end(), judgement.failure) - kClasses.begin();
  switch (judgement.outcome) {
    case Outcome::error:
      return 0;
    case Outcome::fail:
      return 1 + static_cast<int>(rank);
    case Outcome::inconclusive:
      return 10;
    case Outcome::skip:
      return 11;
    case Outcome::observed:
      return 12;
    default:
      return finding.neutral ? 14 : 13;
  }
}

Finding gravest(const std::vector<Finding>& findings) {
  return *std::min_element(findings.begin(), findings.end(),
                           [](const Finding& a, const Finding& b) { return gravity(a) < gravity(b); });
}

/// What stands beside the session may take its force from all but a hole: an acceptance is nobody's throttling.
Finding underCircumstances(Finding finding, const Circumstances& circumstances) {
  const Outcome outcome = finding.judgement.outcome;
  const bool crash =
      finding.judgement.failure == Class::robustness && (circumstances.wentAway || !circumstances.crash.empty());
  if (isHole(finding) || finding.certain || crash || outcome == Outcome::error || outcome == Outcome::inconclusive)
    return finding;
  if (!circumstances.controlsHeld)
    return inconclusive("a positive control failed around this session, which showed: " + finding.why);
  const bool denial = outcome == Outcome::pass || finding.judgement.failure == Class::reply;
  if (denial && circumstances.twinNeeded && !circumstances.twinAccepted)
    return inconclusive("the twin did not run, so this proves nothing: " + finding.why);
  if (denial && circumstances.twinNeeded && !*circumstances.twinAccepted)
    return inconclusive("the twin was not accepted either, so this proves nothing: " + finding.why);
  if (finding.neutral) return inconclusive("nothing was judged: " + finding.why);
  return finding;
}

Finding judged(const CaseResult& result, const Circumstances& circumstances) {
  if (result.sessions.empty()) return error("no session was recorded");
  if (!circumstances.notReloaded.empty())
    return inconclusive("the relay was not given the tenancy of this case: " + circumstances.notReloaded);
  if (circumstances.presentsCertificate && !circumstances.relayAsksForCertificate &&
      result.sessions.back().tlsOutcome == "ok")
    return inconclusive("the relay never asks for a client certificate, so this one was not presented");
  if (circumstances.tlsNotSpoken && result.sessions.back().tlsOutcome != "ok")
    return {{Outcome::skip, Class::none}, "the relay speaks TLS 1.2 and nothing newer, which is no fault", {}};
  std::vector<Finding> findings = judgeSession(result.sessions.back(), result, circumstances);
  for (std::size_t i = 0; i + 1 < result.sessions.size(); ++i)
    for (Finding& finding : judgeSession(result.sessions[i], result, circumstances))
      if (isHole(finding)) findings.push_back(std::move(finding));
  for (const Check& check : result.checks)
    findings.push_back(check.ok ? Finding{kRight, fmt::format("check {} held", check.name), {}}
                                : failure(Class::protocol, fmt::format("check {} failed: {}", check.name, check.why)));
  if (!circumstances.crash.empty())
    findings.push_back(failure(Class::robustness, "the relay's log tells of a crash: " + circumstances.crash,
                               "The relay crashes on this input: its log has more."));
  if (circumstances.wentAway)
    findings.push_back(failure(Class::robustness, "the relay was gone after this session, or not well",
                               "The relay crashed on this input: look into its log."));
  if (findings.empty()) return inconclusive("the session holds nothing to judge");
  Finding finding = underCircumstances(gravest(findings), circumstances);
  if (finding.judgement.outcome == Outcome::inconclusive && circumstances.controlsHeld &&
      !circumstances.notOffered.empty())
    return {{Outcome::skip, Class::none}, fmt::format("the relay does not offer {}", circumstances.notOffered), {}};
  return finding;
}

}  // namespace

void judge(CaseResult& result, const Circumstances& circumstances) {
  Finding finding = judged(result, circumstances);
  result.outcome = finding.judgement.outcome;
  result.failure = finding.judgement.failure;
  result.why = result.outcome == Outcome::observed ? "both answers are right under this profile; " + finding.why
                                                   : std::move(finding.why);
  const std::string& likely = finding.likely.empty() ? result.purpose : finding.likely;
  result.likely = result.outcome == Outcome::fail && !likely.empty() ? std::optional(likely) : std::nullopt;
}

bool accepted(const Session& session, const Circumstances& circumstances) {
  bool any = false;
  for (const Transaction& transaction : session.transactions)
    for (const Recipient& recipient : transaction.recipients) {
      if (transaction.smuggled || (!recipient.expected.empty() && (wireSet(recipient) & kAccept) == 0)) continue;
      any = true;
      if (verdictOf(recipient.observed, circumstances) != "accept") return false;
    }
  return any;
}

bool anyAccepted(const Session& session, const Circumstances& circumstances) {
  for (const Transaction& transaction : session.transactions)
    for (const Recipient& recipient : transaction.recipients)
      if (verdictOf(recipient.observed, circumstances) == "accept") return true;
  return false;
}

bool asksForRetry(const Session& session) {
  return std::any_of(session.transactions.begin(), session.transactions.end(), [&](const Transaction& transaction) {
    return std::any_of(transaction.recipients.begin(), transaction.recipients.end(), [&](const Recipient& recipient) {
      const Observed& observed = recipient.observed;
      if (observed.verdict == "defer") return observed.code != kServiceClosing;
      if (observed.verdict != "refuse-tls" || session.alert) return false;
      const bool right = std::any_of(recipient.expected.begin(), recipient.expected.end(),
                                     [](const Answer& answer) { return answer.verdict == "refuse-tls"; });
      return observed.code == 0 || (observed.code == kServiceClosing && !right);
    });
  });
}

std::optional<RecipientPlace> recipientToRetryAlone(const Session& session) {
  for (std::size_t t = 0; t < session.transactions.size(); ++t)
    for (std::size_t r = 0; r < session.transactions[t].recipients.size(); ++r)
      if (deniedAsOne(session.transactions[t].recipients[r], session.transactions[t])) return RecipientPlace{t, r};
  return std::nullopt;
}

}  // namespace relayproof::result
