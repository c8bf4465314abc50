#include <map>
#include <mutex>
#include <string>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug identityRememberedByEhlo() {
  return {.name = "identity-remembered-by-ehlo",
          .kind = "hole",
          .wrong = "Who has shown a certificate under a name in EHLO is known by that name from then on.",
          .record = "gateway practice",
          .caughtBy = {"session.beside.nobody-beside-message", "session.beside.nobody-beside-own",
                       "session.beside.nobody-beside-own-in-chunks", "session.beside.nobody-beside-own-null-sender",
                       "session.beside.nobody-beside-quit", "session.beside.nobody-in-the-clear-beside-own",
                       "session.beside.own-beside-nobody", "session.beside.starttls-beside-message",
                       "session.ehlo-name-remembered", "session.memory.expired-since",
                       "session.memory.identifier-of-a-known-certificate",
                       "session.memory.signature-of-a-known-certificate-broken", "session.memory.then-nobody",
                       "session.memory.then-nobody-in-the-clear"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              static std::mutex guard;
              static std::map<std::string, Identity> known;
              Peer peer = question.peer;
              const std::lock_guard locked(guard);
              if (!peer.identity.ids.empty())
                known[peer.heloName] = peer.identity;
              else if (const auto found = known.find(peer.heloName); found != known.end())
                peer.identity = found->second;
              return decisionFor(question, peer, question.envelope);
            };
          }};
}

}  // namespace relayproof::reference::bugs
