// The exit status of a run, as scripts rely on it.
#pragma once

#include "conformance/result/model.h"

namespace relayproof::result {

inline constexpr int kConforms = 0;
inline constexpr int kDoesNotConform = 1;  ///< a fail or xpass, an open relay, a contradiction
inline constexpr int kNotJudged = 3;       ///< nothing selected, a `must` case inconclusive, or too little coverage
inline constexpr int kUnreachable = 4;     ///< or no positive control was accepted
inline constexpr int kInternalError = 5;   ///< an error of ours or of the harness in a result
inline constexpr int kInterrupted = 130;

/// An interrupted run says so whatever it found; of the others the first of 1, 4, 5, 3 that applies wins.
/// `minimumCoverage` is a share from 0 to 1.
int exitStatus(const Report& report, double minimumCoverage);

}  // namespace relayproof::result
