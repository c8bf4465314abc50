// From a session's record and what the sinks got to what the relay was seen to do. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/result/model.h"
#include "conformance/session/record.h"
#include "conformance/session/sink.h"
#include "conformance/wire/step.h"

namespace relayproof::result {

/// What the sinks hold of one session's token; absent where no sink watches.
struct PassedOn {
  bool nextHopWatched = false, localHopWatched = false;
  std::vector<session::SinkMessage> nextHop, localHop;
  std::vector<std::string> sent = {};  ///< what each transaction of the record has as its message; empty: not compared
};

/// Turns a record into the session of the result model: per recipient the verdict that the replies and sinks show.
/// `fixtureChain` is the chain (DER) that should have left; empty: no certificate. `tenantHeader` is the header in
/// which the relay marks the tenant; empty: none. `smuggled` are the transactions of the record, by index, that the
/// client does not send by itself: the record holds their paths and no replies.
Session observe(const session::Record& record, const std::optional<std::string>& fixture,
                const std::vector<std::string>& fixtureChain, const PassedOn& passedOn, const std::string& tenantHeader,
                const std::set<std::size_t>& smuggled = {});

/// The same where the sinks hold other messages of the session by now than they did.
void observeAgain(Session& seen, const PassedOn& passedOn, const std::string& tenantHeader);

}  // namespace relayproof::result
