// Stored sessions judged again, under another profile.
#pragma once

#include "conformance/run/run.h"

namespace relayproof::run {

/// `report`: as it was written. `before` and `after` say the same but for their profiles, and what follows from them;
/// their targets are never spoken to. `at`: when the sessions took place, in seconds since the epoch. Errors: a case
/// that the catalogue does not hold, an older report that does not say under which circumstances it was judged, and one
/// whose expectations are not those that `before` gives, as under another set-up or another catalogue.
Expected<result::Report> rejudge(result::Report report, const Request& before, const Request& after, std::int64_t at);

}  // namespace relayproof::run
