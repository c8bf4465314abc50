// What changed from one report to the next.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/result/model.h"

namespace relayproof::result {

/// Gravest first. newHole and newFail: a failure that the old report does not know, as an expected one either.
enum class ChangeKind { newHole, newFail, changed, gone, added, mended };
inline constexpr std::array kChangeKinds = {ChangeKind::newHole, ChangeKind::newFail, ChangeKind::changed,
                                            ChangeKind::gone,    ChangeKind::added,   ChangeKind::mended};
std::string_view name(ChangeKind kind);  ///< "new-hole", "new-fail", "changed", "gone", "added", "mended"

struct Change {
  ChangeKind kind = ChangeKind::changed;
  std::string id;             ///< of a case, or "fingerprint.OPTION"
  std::string before, after;  ///< "fail hole: accept"; empty where the report does not hold it
};

/// In the order of kinds. An answer that changed is a change even where both are right.
std::vector<Change> diff(const Report& before, const Report& after);

}  // namespace relayproof::result
