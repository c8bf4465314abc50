#include "conformance/result/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace relayproof::result {

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

namespace {

bool mixedWithDenied(const Transaction& transaction) {
  return std::any_of(transaction.recipients.begin(), transaction.recipients.end(), [](const Recipient& other) {
    const unsigned set = wireSet(other);
    return set != 0 && (set & kAccept) == 0;
  });
}

}  // namespace

bool deniedAsOne(const Recipient& recipient, const Transaction& transaction) {
  return recipient.observed.verdict == "deny" && recipient.observed.stage != "rcpt" &&
         (wireSet(recipient) & (kAccept | kDeny)) == kAccept && mixedWithDenied(transaction);
}

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

}  // namespace relayproof::result
