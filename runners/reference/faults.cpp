#include "runners/reference/faults.h"

namespace relayproof::reference {

Decision rightDecision(const Question& question) { return decisionFor(question, question.peer, question.envelope); }

Decision decisionFor(const Question& question, const Peer& peer, const Envelope& envelope) {
  return decide(question.tenancy, question.conduct.behaviour, peer, envelope, question.recipient,
                question.conduct.steps);
}

}  // namespace relayproof::reference
