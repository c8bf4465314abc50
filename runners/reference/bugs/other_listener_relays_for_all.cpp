#include <algorithm>
#include <string_view>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

constexpr std::string_view submission = "submission";

}  // namespace

KnownBug otherListenerRelaysForAll() {
  return {.name = "other-listener-relays-for-all",
          .kind = "hole",
          .wrong = "The port where TLS begins at once is taken for one of submission, whose clients may relay.",
          .record = "gateway practice",
          .caughtBy = {"session.listener.another-host", "session.listener.no-certificate",
                       "session.listener.nul-suffix", "session.listener.sender-of-tenant",
                       "session.listener.unknown-authority", "session.listener.unknown-authority-first"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterHandshake = [](SSL*, bool other, const Conduct&, ClientCertificate& client) {
              if (other) client.identity.ids.push_back({Kind::dnsId, std::string(submission), {}});
            };
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              const auto& ids = question.peer.identity.ids;
              const bool known = std::ranges::find(ids, submission, &Presented::octets) != ids.end();
              return known ? acceptFor(Verdict::relay, {}, question) : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
