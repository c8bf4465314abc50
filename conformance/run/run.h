// The conformance run: controls, batches of cases beside their twins, retries, and the judgement of each case.
// Everything from outside (clock, sleep, sinks, interruption) comes in as a parameter.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "certs/mint.h"
#include "conformance/catalogue/catalogue.h"
#include "conformance/result/model.h"
#include "conformance/run/setup.h"
#include "conformance/session/player.h"
#include "conformance/session/sink.h"

namespace relayproof::run {

struct Request {
  const catalogue::Catalogue& catalogue;
  const certs::Mint& mint;
  verdict::Tenancy tenancy;  ///< the plan's
  verdict::Profile profile;
  Setup setup;
  session::Target target;
  std::vector<const catalogue::Case*> selected;
  std::vector<const catalogue::Case*> controls;
  std::size_t jobs = 4;
  std::uint64_t seed = 0;
  bool strict = false;
  bool failFast = false;
  bool shuffle = false;                    ///< another order, by the seed
  std::string command = "relayproof run";  ///< how the user said it, less the selection: for a single case again
  std::string asMinted = {};               ///< what `relayproof certs` has to be told to mint the same
};

struct Surroundings {
  std::function<double()> now;                              ///< seconds since the epoch
  std::function<void(double)> sleep;                        ///< seconds
  std::function<bool()> stop;                               ///< the user interrupts
  std::function<void(const result::CaseResult&)> finished;  ///< a case is judged (again, where mail came late)
  std::function<std::string()> newLog;                      ///< what the relay's log has grown by; empty: not read
  std::function<bool()> healthy;                            ///< by the health command; empty: there is none
  std::function<bool()> restart;  ///< brings the relay back; false: it failed; empty: nothing does
  /// Gives the relay the plan as it is after the reload (true), or its own again; why not, or nothing. Empty: nothing
  /// does.
  std::function<std::string(bool then)> reload;
  session::Sink* nextHop = nullptr;
  session::Sink* localHop = nullptr;
};

/// A reason to end early beside those of the result model.
inline constexpr std::string_view kFailFast = "first failure";

/// `report` comes with its head filled in (version, digests, startedAt); results, target and fingerprint are added.
result::Report run(const Request& request, const Surroundings& surroundings, result::Report report);

/// Cases tagged `control` that the set-up does not declare away.
std::vector<const catalogue::Case*> controlsOf(const catalogue::Catalogue& catalogue,
                                               const std::vector<std::string>& without);

}  // namespace relayproof::run
