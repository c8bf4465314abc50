#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

std::mutex guard;
std::map<std::string, std::pair<const Peer*, Identity>> current;  // by the name in EHLO

}  // namespace

KnownBug sessionsShareIdentity() {
  return {.name = "sessions-share-identity",
          .kind = "hole",
          .wrong = "Who the client is stands in one place for all sessions of a name in EHLO, and is who said it last.",
          .record = "gateway practice",
          .caughtBy = {"session.beside.another-host-beside-own", "session.beside.data-beside-chunks",
                       "session.beside.drop-beside-message", "session.beside.nobody-beside-message",
                       "session.beside.nobody-beside-own", "session.beside.nobody-beside-own-in-chunks",
                       "session.beside.nobody-beside-own-null-sender", "session.beside.nobody-beside-quit",
                       "session.beside.nobody-in-the-clear-beside-own", "session.beside.own-beside-another-host",
                       "session.beside.own-beside-nobody", "session.beside.rset-beside-transaction",
                       "session.beside.two-messages", "session.beside.two-messages-in-chunks",
                       "session.beside.two-tenants"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterGreeting = [](const Peer& peer) {
              const std::lock_guard locked(guard);
              current[peer.heloName] = {&peer, peer.identity};
            };
            conduct.faults.decide = [](const Question& question) {
              Peer peer = question.peer;
              const std::lock_guard locked(guard);
              // Of its own, a session knows who has shown another certificate meanwhile.
              if (const auto& [last, identity] = current[peer.heloName]; last != &question.peer)
                peer.identity = identity;
              return decisionFor(question, peer, question.envelope);
            };
          }};
}

}  // namespace relayproof::reference::bugs
