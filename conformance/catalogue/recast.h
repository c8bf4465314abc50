// The same cases asked of another tenancy: what stays the same question stays, what does not is dropped by name, and
// never asked with a verdict bent to fit.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {

/// Rewrites a case; a text is why it cannot be.
using Rewrite = std::function<std::optional<std::string>(Case&)>;

/// The cases and their twins as `rewrite` leaves them, in the order of the catalogue. Dropped are those that cannot be
/// rewritten, those whose verdicts under `profile` at a time in seconds since the epoch are others in `after` (whose
/// tenancy is rewritten already), and those that lose a twin. `where` begins the reason: "in one tenant".
Recast recast(const World& before, const World& after, const std::vector<const Case*>& cases, const Rewrite& rewrite,
              const verdict::Profile& profile, std::int64_t at, const std::string& where);

}  // namespace relayproof::catalogue
