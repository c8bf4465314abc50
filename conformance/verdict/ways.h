// What acceptable() sums up, way by way: which values of the options decide an envelope how. What a relay was seen to
// do tells by this which values it has.
#pragma once

#include <vector>

#include "conformance/verdict/choices.h"
#include "conformance/verdict/decide.h"

namespace relayproof::verdict {

struct Way {
  std::vector<Choices::Choice> choices;  ///< of the options that were asked and have several values in force
  Verdict verdict = Verdict::deny;
  std::optional<std::string> tenant;
};

/// Every combination of values within the profile that makes a difference; together they are all combinations. Whether
/// a peer that does not hold the key is refused TLS is no option of a relay, and stands in no way.
std::vector<Way> ways(const Tenancy& tenancy, const Profile& profile, const Peer& peer, const Envelope& envelope);

}  // namespace relayproof::verdict
