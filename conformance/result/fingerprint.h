// Which values of a profile's options explain everything that one relay was seen to do, and whether any do.
#pragma once

#include <string_view>

#include "conformance/result/model.h"

namespace relayproof::result {

/// The ids of results that no case gives: a crash that no case shows alone, with a number behind it, and that a relay
/// contradicts itself.
inline constexpr std::string_view kCrash = "relay.crash-";
inline constexpr std::string_view kContradiction = "fingerprint.contradiction";

/// Fills `report.fingerprint` from the evidence of its results. Where no assignment explains them all, a failed result
/// kContradiction names cases of which each is needed for the clash; one of an earlier reckoning is taken out first. A
/// report that does not hold the values in force (report.inForce) is left as it is.
void takeFingerprint(Report& report);

}  // namespace relayproof::result
