// What is wrong with a set-up, found out before any case runs: some forty sessions, one finding a check, and what mends
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/run/run.h"

namespace relayproof::doctor {

enum class State {
  ok,
  note,     ///< a run is possible, and will show less or take longer
  problem,  ///< a run would be refused, or would accuse the relay of what the set-up does
};
std::string_view name(State state);

struct Finding {
  std::string check;  ///< connect, greeting, ehlo, starttls, tls, certificate-request, control names, …
  State state = State::ok;
  std::string what;  ///< what was seen, a sentence without its period
  std::string mend;  ///< what to do; empty where nothing is to be done
};

struct Examination {
  std::vector<Finding> findings;  ///< in the order of the checks; what hangs on a failed one is left out
  bool reached = false;           ///< a session could be opened
  bool open = false;              ///< the negative control was accepted
  bool accepts = false;           ///< a positive control was accepted

  /// As a run would end: 1 an open relay, 4 not reached or no positive control accepted, 2 another problem, 0 none.
  int status() const;
};

/// Plays the controls of `request`, then what tells its client addresses apart, then a burst. The cases that are
/// selected say which addresses matter and how long a run will take. Throws Error when a blueprint cannot be minted.
Examination examine(const run::Request& request, const run::Surroundings& surroundings);

}  // namespace relayproof::doctor
