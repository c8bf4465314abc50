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

/// The profile, and what every relay is free to do with the peer's certificate besides.
Profile towards(const Peer& peer, Profile profile);

/// Every combination of values within the profile that makes a difference; together they are all combinations. What
/// every relay is free to do with the peer's certificate tells of no option, and stands in no way.
std::vector<Way> ways(const Tenancy& tenancy, const Profile& profile, const Peer& peer, const Envelope& envelope);

}  // namespace relayproof::verdict
