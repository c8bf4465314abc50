// Denials: whether a 5yz tells of relaying, and whether whoever says it may.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/result/denial.h"
#include "conformance/result/judge_recipient.h"
#include "conformance/verdict/path.h"

namespace relayproof::result {
namespace {

bool isAscii(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
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

}  // namespace

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

}  // namespace relayproof::result
