#include <map>
#include <mutex>
#include <string>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug recipientDeniedForAll() {
  return {.name = "recipient-denied-for-all",
          .kind = "refusal",
          .wrong = "A recipient that was denied to one client is denied to all.",
          .record = "gateway practice",
          .caughtBy = {"session.denied-chunks-then-accepted", "session.denied-then-accepted",
                       "session.memory.denied-first", "session.memory.nobody-first", "transactions.three-messages"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              static std::mutex guard;
              static std::map<std::string, Decision> denied;
              const Decision right = rightDecision(question);
              const std::lock_guard locked(guard);
              if (right.refusal == relayDenied) return denied[question.recipient.text] = right;
              const auto found = denied.find(question.recipient.text);
              return found == denied.end() ? right : found->second;
            };
          }};
}

}  // namespace relayproof::reference::bugs
