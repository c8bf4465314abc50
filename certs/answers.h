// What libraries are known to make of the chains of a set: data beside the blueprints, which tests hold against the
// libraries themselves. So no fixture is broken by accident, or for another reason than its own.
#pragma once

#include <vector>

#include "certs/fixture_set.h"

namespace relayproof::certs {

/// Sets `verify`, `twin` and `open` of those entries of a set that have no `verify` yet, from its root node: a
/// fixture's own keys, else the first entry of "verify" with a glob that fits its id, else that both libraries accept.
/// Throws Error.
void readAnswers(const Node& root, std::vector<SetEntry>& entries);

}  // namespace relayproof::certs
