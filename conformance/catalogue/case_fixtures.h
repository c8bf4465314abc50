// The certificates of the live cases as fixtures of a set.
#pragma once

#include <set>

#include "certs/fixture_set.h"
#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {

/// As a manifest says them.
Json verdictNames(const std::set<verdict::Verdict>& verdicts);

/// Adds the certificates of the cases to a set, each once, with the verdicts of its case. `root` is the set's document,
/// whose rules say what libraries make of them (certs/answers.h). Its twin is the certificate of the case's twin, where
/// that is another. Throws Error.
void addFixturesOfCases(const Catalogue& catalogue, const Node& root, certs::FixtureSet& set);

}  // namespace relayproof::catalogue
