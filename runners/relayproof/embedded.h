// The reference relay inside this process.
#pragma once

#include <memory>

#include "runners/reference/relay.h"

namespace relayproof {

/// Starts it; a problem of the options or the tenancy is thrown as Error.
std::unique_ptr<reference::Relay> startReference(const reference::Options& options);

}  // namespace relayproof
