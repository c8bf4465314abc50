// The judge: a pure function from what was seen to an outcome. Nothing here opens a socket.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "conformance/result/model.h"
#include "conformance/result/observe.h"

namespace relayproof::result {

/// Fills outcome, failure, why and likely of `result` from its sessions, checks, expectations and purpose. Several
/// sessions are retries in their order: the last one counts, and a hole in any.
void judge(CaseResult& result, const Circumstances& circumstances);

/// The verdict that an observation comes to: a halt before DATA is an acceptance where the relay denies no later.
std::string verdictOf(const Observed& observed, const Circumstances& circumstances);

/// True when every recipient that may be accepted was: how a twin, or a positive control, has to end. A recipient
/// without expectations has to be accepted.
bool accepted(const Session& session, const Circumstances& circumstances = {});

/// True when a recipient was accepted, rightly or not.
bool anyAccepted(const Session& session, const Circumstances& circumstances);

/// A first session with this end is to be followed by a second one before it is judged: a 4yz that is no 421, a
/// handshake that was refused by closing alone, and a 421 behind one where nothing gives a reason to refuse it.
bool asksForRetry(const Session& session);

/// A recipient that must be accepted and was denied together with one that must be denied, elsewhere than at RCPT. One
/// refusal for both is right when this one, sent alone, is accepted.
struct RecipientPlace {
  std::size_t transaction = 0, recipient = 0;
  bool operator==(const RecipientPlace&) const = default;
};
std::optional<RecipientPlace> recipientToRetryAlone(const Session& session);

}  // namespace relayproof::result
