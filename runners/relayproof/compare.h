// `match --compare`: a matcher of the user's own, held against ours.
#pragma once

#include "runners/relayproof/command.h"
#include "runners/relayproof/oracle.h"

namespace relayproof {

/// --compare, --table and --timeout; `ours` is what `match` answers. Returns the exit status.
int compareMatcher(const Arguments& arguments, const Answer& ours);

}  // namespace relayproof
