// Shell commands of the user's set-up.
#pragma once

#include <string>

namespace relayproof {

/// Runs it with /bin/sh, its output on our standard error; true when it ends with 0 within `seconds`. After that it is
/// killed, and what it has started in its process group.
bool runShell(const std::string& command, int seconds);

}  // namespace relayproof
