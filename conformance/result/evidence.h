// What a case tells of the values that a relay has for the options of its profile. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "certs/document.h"
#include "conformance/verdict/ways.h"

namespace relayproof::result {

struct CaseResult;
struct Circumstances;
struct Observed;

/// Values by option, a bit each. kAnyValue: whatever the profile allows.
using Values = std::array<std::uint8_t, verdict::kOptionCount>;
inline constexpr std::uint8_t kAnyValue = 0xff;

/// What explains one answer of a relay: it has the values of one of these.
using Explanation = std::vector<Values>;

/// A reply that denies, in the words of denyReply: nothing but this tells of an option.
bool deniesByReply(const Observed& observed);

/// An explanation for each recipient whose answer tells one relay within the profile from another. None where the case
/// did not end as right, or its denial may have had another cause. `ways` are by transaction and recipient, `inForce`
/// the values of the profile.
std::vector<Explanation> evidenceOf(const CaseResult& result, const Circumstances& circumstances,
                                    const std::vector<std::vector<std::vector<verdict::Way>>>& ways,
                                    const Values& inForce);

/// As few alternatives as merging gives; empty where every relay within the profile is one of them.
Explanation simplified(Explanation explanation, const Values& inForce);

/// {"patternDepth":["oneLabel","any"], …}, options of any value left out.
Json toJson(const Values& values);
Values valuesFrom(const Node& node);  ///< throws Error

}  // namespace relayproof::result
