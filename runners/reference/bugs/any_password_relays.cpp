#include <algorithm>
#include <optional>
#include <string_view>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

const std::string mark = "authenticated";

std::optional<std::string> welcome(std::string_view line, Peer& peer) {
  if (!foldCase(line).starts_with("auth plain")) return std::nullopt;
  peer.identity.ids.push_back({Kind::dnsId, mark, {}});
  return "235 2.7.0 Authentication successful";
}

Decision decideWrongly(const Question& question) {
  const Decision right = rightDecision(question);
  if (right.refusal != relayDenied) return right;
  const bool known =
      std::ranges::find(question.peer.identity.ids, mark, &Presented::octets) != question.peer.identity.ids.end();
  return known ? acceptFor(Verdict::relay, {}, question) : right;
}

}  // namespace

KnownBug anyPasswordRelays() {
  return {.name = "any-password-relays",
          .kind = "hole",
          .wrong = "AUTH takes every password, and who has authenticated may relay.",
          .record = "gateway practice",
          .caughtBy = {},
          .put = [](Conduct& conduct) {
            conduct.faults.extraCommand = welcome;
            conduct.faults.decide = decideWrongly;
          }};
}

}  // namespace relayproof::reference::bugs
