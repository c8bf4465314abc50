#include <mutex>
#include <set>
#include <string>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug senderAddressRemembered() {
  return {.name = "sender-address-remembered",
          .kind = "hole",
          .wrong = "Who has relayed from an address has opened it for all who write it.",
          .record = "gateway practice",
          .caughtBy = {"sender.remembered-address-without-certificate",
                       "session.beside.another-host-beside-own",
                       "session.beside.gateway-beside-stranger",
                       "session.beside.nobody-beside-message",
                       "session.beside.nobody-beside-own",
                       "session.beside.nobody-beside-own-in-chunks",
                       "session.beside.nobody-beside-quit",
                       "session.beside.nobody-in-the-clear-beside-own",
                       "session.beside.own-beside-another-host",
                       "session.beside.own-beside-nobody",
                       "session.beside.starttls-beside-message",
                       "session.beside.stranger-beside-gateway",
                       "session.memory.expired-since",
                       "session.memory.identifier-of-a-known-certificate",
                       "session.memory.names-of-a-known-key",
                       "session.memory.serial-of-a-known-certificate",
                       "session.memory.signature-of-a-known-certificate-broken",
                       "session.memory.subject-of-a-known-certificate",
                       "session.memory.then-another-host",
                       "session.memory.then-nobody",
                       "session.memory.then-nobody-in-the-clear",
                       "tenancy.rivals.below-anothers-exact-name"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              static std::mutex guard;
              static std::set<std::string> senders;
              const std::string& sender = question.envelope.sender.text;
              const std::lock_guard locked(guard);
              const Decision right = rightDecision(question);
              if (right.verdict == Verdict::relay && !sender.empty()) senders.insert(sender);
              return right.refusal == relayDenied && senders.contains(sender)
                         ? acceptFor(Verdict::relay, question.tenancy.tenants.front().id, question)
                         : right;
            };
          }};
}

}  // namespace relayproof::reference::bugs
