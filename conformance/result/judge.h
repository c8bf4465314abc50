// The judge: a pure function from what was seen to an outcome. Nothing here opens a socket.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/result/model.h"
#include "conformance/session/record.h"
#include "conformance/session/sink.h"

namespace relayproof::result {

/// What the sinks hold of one session's token; absent where no sink watches.
struct PassedOn {
  bool nextHopWatched = false, localHopWatched = false;
  std::vector<session::SinkMessage> nextHop, localHop;
};

/// Turns a record into the session of the result model: per recipient the verdict that the replies and sinks show.
/// `tenantHeader` is the header in which the relay marks the tenant; empty: none.
Session observe(const session::Record& record, const std::optional<std::string>& fixture,
                const std::vector<std::string>& fixtureChain, const PassedOn& passedOn,
                const std::string& tenantHeader);

/// What stands beside one case's session when it is judged.
struct Circumstances {
  bool twinNeeded = false;  ///< a deny case
  std::optional<bool>
      twinAccepted;  ///< its twin's latest session, within seconds and from the same address; nullopt: did not run
  bool controlsHeld = true;  ///< positive controls before and after passed
  bool relayAsksForCertificate = true;
  bool presentsCertificate = false;
  bool strictReply = false;  ///< --strict: a denial is 550 5.7.64 alone
  bool mayResume = false;    ///< resumption is the point of the case
  bool noData = false;
  std::string denyStage;  ///< as the user declared it, or learnt; empty: unknown
};

/// Fills outcome, failure, why and likely of `result` from its sessions, checks and expectations.
void judge(CaseResult& result, const Circumstances& circumstances);

}  // namespace relayproof::result
