#include "conformance/result/judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "conformance/result/denial.h"
#include "conformance/verdict/path.h"

namespace relayproof::result {
namespace {

/// What is right for a recipient on the wire.
enum WireSet : unsigned { kAccept = 1, kDeny = 2, kRefuseTls = 4 };

struct Judgement {
  Outcome outcome;
  Class failure;
};
constexpr int kServiceClosing = 421;

bool isAscii(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

constexpr Judgement kRight = {Outcome::pass, Class::none};
constexpr Judgement kOpen = {Outcome::observed, Class::none};
constexpr Judgement kHole = {Outcome::fail, Class::hole};
constexpr Judgement kRefused = {Outcome::fail, Class::refusal};
constexpr Judgement kWrongReply = {Outcome::fail, Class::reply};

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

/// One thing found about a session; a case ends as its gravest. `neutral`: nothing was asked of the relay there.
struct Finding {
  Judgement judgement;
  std::string why;
  std::string likely;  ///< empty: the case's own purpose
  bool neutral = false;
};

Finding inconclusive(std::string why) { return {{Outcome::inconclusive, Class::none}, std::move(why), {}}; }
Finding error(std::string why) { return {{Outcome::error, Class::none}, std::move(why), {}}; }
Finding failure(Class kind, std::string why, std::string likely = {}) {
  return {{Outcome::fail, kind}, std::move(why), std::move(likely)};
}
Finding neutral(std::string why) { return {kRight, std::move(why), {}, true}; }

bool isHole(const Finding& finding) { return finding.judgement.failure == Class::hole; }

unsigned wireSet(const Recipient& recipient) {
  unsigned set = 0;
  for (const Answer& answer : recipient.expected)
    set |= answer.verdict == "deny" ? kDeny : answer.verdict == "refuse-tls" ? kRefuseTls : kAccept;
  return set;
}

std::string at(const std::string& stage) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> phrases = {{
      {"connect", " before the greeting"},
      {"ehlo", " at EHLO"},
      {"starttls", " at STARTTLS"},
      {"tls", " in the TLS handshake"},
      {"mail", " at MAIL"},
      {"rcpt", " at RCPT"},
      {"data", " at DATA"},
      {"end-of-data", " at end of data"},
      {"step", " in the middle of the dialogue"},
      {"quit", " at QUIT"},
  }};
  for (const auto& [word, phrase] : phrases)
    if (word == stage) return std::string(phrase);
  return {};
}

std::string code(const Observed& observed) {
  if (observed.code == 0) return {};
  return observed.enhanced.empty() ? fmt::format(" ({})", observed.code)
                                   : fmt::format(" ({} {})", observed.code, observed.enhanced);
}

std::string destination(const Recipient& recipient) {
  const std::string passedOn = recipient.observed.passedOn.value_or("");
  const std::string_view how = passedOn == "next-hop"      ? "relayed to"
                               : passedOn == "local-hop"   ? "delivered to"
                               : passedOn == "twice"       ? "passed on twice to"
                               : passedOn == "late-denial" ? "bounced later, for"
                               : passedOn == "none"        ? "seen in no sink, for"
                                                           : "for";
  return fmt::format("{} {}", how, recipient.address);
}

std::string certificateOf(const Session& session) {
  return session.certificate ? "certificate " + *session.certificate : "no certificate";
}

bool passedOn(const Observed& observed) {
  return observed.passedOn == "next-hop" || observed.passedOn == "local-hop" || observed.passedOn == "twice";
}

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

bool mixedWithDenied(const Transaction& transaction) {
  return std::any_of(transaction.recipients.begin(), transaction.recipients.end(), [](const Recipient& other) {
    const unsigned set = wireSet(other);
    return set != 0 && (set & kAccept) == 0;
  });
}

bool deniedAsOne(const Recipient& recipient, const Transaction& transaction) {
  return recipient.observed.verdict == "deny" && recipient.observed.stage != "rcpt" &&
         (wireSet(recipient) & (kAccept | kDeny)) == kAccept && mixedWithDenied(transaction);
}

/// RFC 3463 3.2, RFC 7505: a relay may ask more of a sender whom it does not trust.
bool tellsOfSender(std::string_view enhanced) {
  constexpr std::array<std::string_view, 4> codes = {"5.1.0", "5.1.7", "5.1.8", "5.1.9"};
  return std::find(codes.begin(), codes.end(), enhanced) != codes.end();
}

/// A source route, a quoted local part, a percent or bang path, a literal: in order, and refused by many as a matter of
/// policy.
bool isUnusual(std::string_view path) {
  return path.find_first_of("\"%!:[") != std::string_view::npos || std::count(path.begin(), path.end(), '@') > 1;
}

/// A path of letters, digits and the like, or the null path: no parser may stumble over it.
bool isUsual(std::string_view path) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+.@";
  return verdict::isPath(path) && path.find_first_not_of(letters) == std::string_view::npos;
}

/// RFC 5321 4.2.2, RFC 3463 3.2 and 3.6: not one of the other causes for which some say 501.
bool blamesSyntax(const Observed& observed) {
  constexpr std::array<std::string_view, 5> codes = {"", "5.1.3", "5.1.7", "5.5.2", "5.5.4"};
  return (observed.stage == "mail" || observed.stage == "rcpt") && observed.code == 501 &&
         std::ranges::find(codes, observed.enhanced) != codes.end();
}

Finding deniedFinding(const Recipient& recipient, const Transaction& transaction, const Judgement& judgement,
                      const Circumstances& circumstances) {
  const Observed& observed = recipient.observed;
  const std::string what = fmt::format("denied{}{}, for {}", at(observed.stage), code(observed), recipient.address);
  const Refusal refusal = classify(observed.code, observed.enhanced, circumstances.strictReply);
  // RFC 5321 4.1.1.11: whoever does not know a parameter of MAIL or RCPT says so, and is asked nothing else here.
  const bool hadParameters = (circumstances.sendsMailParameters && observed.stage == "mail") ||
                             (circumstances.sendsRecipientParameters && observed.stage == "rcpt");
  // Some call it bad syntax.
  const bool saysBadSyntax = observed.code == 501 && (observed.stage == "rcpt" || judgement.outcome == Outcome::pass);
  const bool refusesParameter =
      hadParameters && (observed.code == 555 || observed.enhanced == "5.5.4" || saysBadSyntax);
  if (refusesParameter && judgement.failure == Class::refusal && circumstances.parametersOffered)
    return failure(Class::refusal, what + ": a parameter of an extension that the relay offers");
  if (refusesParameter)
    return {{Outcome::skip, Class::none}, what + ": the relay does not know a parameter that this case needs", {}};
  if (circumstances.oddContent && judgement.failure == Class::refusal && observed.stage == "end-of-data")
    return {{Outcome::skip, Class::none}, what + ": the relay takes no such message", {}};
  // RFC 5321 4.5.5: the null path is in order everywhere; to call it a bad address is to refuse all bounces.
  const bool refusesNullPath = judgement.failure == Class::refusal && observed.stage == "mail" &&
                               transaction.mailFrom.empty() && (observed.code == 550 || observed.code == 553);
  // RFC 5321 4.2.3: a bad sequence of commands. Where the mail must be accepted, there was none.
  const bool blamesSequence = judgement.failure == Class::refusal && observed.code == 503;
  // RFC 3463 3.7: the content, of which nothing can be said.
  const bool blamesContent = judgement.failure == Class::refusal && observed.stage == "end-of-data" &&
                             circumstances.plainContent && observed.enhanced.starts_with("5.6.");
  if (refusal == Refusal::otherCause && !refusesNullPath && !blamesSequence && !blamesContent) {
    const bool right = judgement.outcome == Outcome::pass;
    if (right && !(verdict::isPath(transaction.mailFrom) && verdict::isPath(recipient.address)))
      return {judgement, what + ": what was said is no path, and the relay says so", {}};
    // RFC 6531: whoever knows no address beyond ASCII says so.
    if (right && !(isAscii(transaction.mailFrom) && isAscii(recipient.address)))
      return {{Outcome::skip, Class::none}, what + ": the relay takes no such address", {}};
    if (right && circumstances.twinSaysTheSame && circumstances.twinAccepted.value_or(false) &&
        !tellsOfSender(observed.enhanced))
      return failure(Class::reply,
                     what + ": rightly, but the reply blames what was said, and the same is accepted of its twin",
                     "The denial has a code of another meaning, so senders and tools misread it.");
    const bool blamesPath = observed.stage == "mail" ? isUnusual(transaction.mailFrom)
                                                     : observed.stage == "rcpt" && isUnusual(recipient.address);
    if (blamesPath && (observed.code == 501 || observed.code == 550 || observed.code == 553))
      return {{Outcome::skip, Class::none}, what + ": the relay takes no such address", {}};
    if (judgement.failure == Class::refusal && circumstances.withinLimits)
      return failure(Class::robustness, what + ", within the limits that every server has to bear (RFC 5321 4.5.3.1)");
    // RFC 5321 4.5.1: every server knows MAIL, in whatever case (2.4).
    const bool knowsNoMail =
        observed.stage == "mail" && (observed.code == 500 || observed.code == 502) && !hadParameters && !blamesPath;
    if (knowsNoMail && judgement.failure == Class::refusal)
      return failure(Class::refusal, what + ", as if there were no such command");
    if (judgement.failure == Class::refusal && !hadParameters && blamesSyntax(observed) &&
        isUsual(observed.stage == "mail" ? transaction.mailFrom : recipient.address))
      return failure(Class::refusal, what + ", as if it were no path");
    return inconclusive(what + ": the reply tells of syntax, limits or addressing, not of relaying");
  }
  if (deniedAsOne(recipient, transaction)) {
    if (!circumstances.acceptedRecipientAloneAccepted)
      return inconclusive(what + ", together with one that must be denied; it was not tried alone");
    if (*circumstances.acceptedRecipientAloneAccepted)
      return {kRight, what + ", together with one that must be denied; alone it is accepted", {}};
    return failure(Class::refusal, what + ", and alone as well, what must be accepted");
  }
  if (judgement.failure == Class::refusal) return failure(Class::refusal, what + ", what must be accepted");
  if (judgement.outcome == Outcome::pass && refusal == Refusal::wrongReply)
    return failure(
        Class::reply,
        fmt::format("{}: rightly, but a denial is {}", what,
                    circumstances.strictReply ? "550 5.7.64" : "530, 550, 553 or 554 with 5.7.x or no enhanced code"),
        "The denial has a code of another meaning, so senders and tools misread it.");
  return {judgement, what, "The denial has a code of another meaning, so senders and tools misread it."};
}

Finding refusedTlsFinding(const Recipient& recipient, const CaseResult& result, const Session& session,
                          const Judgement& judgement) {
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

/// `how` in the words of a recipient's verdict or of a session's end.
std::optional<Finding> suddenEnd(std::string_view how, const std::string& stage, const std::string& said) {
  const std::string where = at(stage) + (said.empty() ? "" : ": " + said);
  if (how == "drop" || how == "dropped")
    return failure(Class::robustness, "the connection was dropped" + where,
                   "The relay may have crashed on this input: look into its log.");
  if (how == "timeout")
    return failure(Class::robustness, "no answer within the time-out" + where,
                   "The relay may hang or loop on this input: look into its log.");
  if (how == "protocol-error")
    return failure(Class::protocol, "no SMTP or TLS as it should be" + where,
                   "The relay's answer is not what the protocol allows there.");
  return std::nullopt;
}

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
  if (verdict == "accept") return acceptedFinding(recipient, session, row->accept, circumstances);
  if (verdict == "deny") return deniedFinding(recipient, transaction, row->deny, circumstances);
  if (verdict == "refuse-tls") return refusedTlsFinding(recipient, result, session, row->refuseTls);
  if (verdict == "defer") return deferred(recipient, result);

  const std::string text = observed.text.empty() ? "" : ": " + observed.text;
  if (std::optional<Finding> sudden = suddenEnd(verdict, observed.stage, observed.text)) return *sudden;
  if (isNoDataHalt(observed, circumstances))
    return inconclusive(
        fmt::format("stopped before DATA: 250 to RCPT says nothing of a relay that denies {}",
                    circumstances.denyStage.empty() ? "at an unknown stage" : "later, at " + circumstances.denyStage));
  if (session.end.how == "completed") return neutral(fmt::format("nothing was sent to {}", recipient.address));
  return inconclusive(fmt::format("{} was not reached: the session ended{}{}{}", recipient.address, at(observed.stage),
                                  code(observed), text));
}

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
  if (isHole(finding) || crash || outcome == Outcome::error || outcome == Outcome::inconclusive) return finding;
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
  return underCircumstances(gravest(findings), circumstances);
}

}  // namespace

std::string verdictOf(const Observed& observed, const Circumstances& circumstances) {
  return isNoDataHalt(observed, circumstances) && deniesByRcpt(circumstances) ? "accept" : observed.verdict;
}

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
