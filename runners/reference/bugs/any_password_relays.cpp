#include <algorithm>
#include <optional>
#include <string_view>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

constexpr std::string_view authenticated = "authenticated";

}  // namespace

KnownBug anyPasswordRelays() {
  return {.name = "any-password-relays",
          .kind = "hole",
          .wrong = "AUTH takes every password, and who has authenticated may relay.",
          .record = "gateway practice",
          .caughtBy = {"session.authentication-beside-a-host", "session.authentication-plain-names-the-host",
                       "session.password"},
          .put = [](Conduct& conduct) {
            conduct.faults.extraCommand = [](std::string_view line, Peer& peer) -> std::optional<std::string> {
              if (!foldCase(line).starts_with("auth plain")) return std::nullopt;
              peer.identity.ids.push_back({Kind::dnsId, std::string(authenticated), {}});
              return "235 2.7.0 Authentication successful";
            };
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              const auto& ids = question.peer.identity.ids;
              const bool known = std::ranges::find(ids, authenticated, &Presented::octets) != ids.end();
              return known ? acceptFor(Verdict::relay, {}, question) : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
