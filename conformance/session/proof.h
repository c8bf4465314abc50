// Keys that sign a handshake wrongly on purpose.
#pragma once

#include <openssl/evp.h>

#include "conformance/session/player.h"

namespace relayproof::session {

/// A key of the same point whose signatures are as `proof` says, for the caller to free; null where that is not a P-256
/// key, or for the right proof.
EVP_PKEY* keyThatProves(EVP_PKEY* key, Identity::Proof proof);

}  // namespace relayproof::session
