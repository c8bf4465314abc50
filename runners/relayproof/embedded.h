// The reference relay inside this process.
#pragma once

#include <memory>

#include "conformance/verdict/profile.h"
#include "runners/reference/relay.h"

namespace relayproof {

/// Starts it; a problem of the options or the tenancy is thrown as Error.
std::unique_ptr<reference::Relay> startReference(const reference::Options& options);

/// How a relay may behave under a profile: the reference relay's own way where the profile allows it, else the first
/// that the profile allows.
reference::Behaviour behaviourUnder(const verdict::Profile& profile);

/// The same of everything that a profile says, with what Behaviour does not hold: what becomes of an untrusted
/// certificate, and where a denial shows. The reply is 550 5.7.64, which every value of denyReply allows.
reference::Options optionsUnder(const verdict::Profile& profile);

}  // namespace relayproof
