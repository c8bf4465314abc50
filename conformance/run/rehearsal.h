// What is known of each case before a session of it: the identity that it presents, and the verdict of the core.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "conformance/catalogue/compute.h"
#include "conformance/run/run.h"

namespace relayproof::run {

struct Rehearsed {
  std::shared_ptr<const session::Identity> identity;  ///< null: none is presented
  catalogue::Judged judged;
  catalogue::WaysOf ways;  ///< where the profile leaves an answer open; else empty
};
using Rehearsal = std::map<const catalogue::Case*, Rehearsed>;

/// What a client presents in a case; null without a fixture.
std::shared_ptr<const session::Identity> identityOf(const std::optional<certs::Fixture>& fixture,
                                                    const catalogue::Case& one);

/// Mints each fixture once and computes every case, on two threads: minting and verifying are the greater part of a
/// run's own work. `at`: seconds since the epoch. Throws Error when a blueprint cannot be minted.
Rehearsal rehearse(const Request& request, const catalogue::Bindings& bindings,
                   const std::vector<const catalogue::Case*>& cases, std::int64_t at);

/// As the result model holds them.
std::vector<result::Answer> answersOf(const verdict::Acceptable& acceptable);

}  // namespace relayproof::run
