// What the targets read beside their input: all of it stands in the program.
#pragma once

#include <string>

#include "certs/mint.h"
#include "conformance/verdict/profile.h"

namespace relayproof::fuzz {

/// Shipped with relayproof, or a file. Throws Error.
verdict::Profile profileNamed(const std::string& nameOrFile);
/// That of the variable RELAYPROOF_PROFILE, else exo-2017: what the documents leave open is open here too. A profile
/// that cannot be read ends the program.
const verdict::Profile& profileInForce();

/// Issues under the test authorities.
certs::Mint authoritiesMint();

}  // namespace relayproof::fuzz
