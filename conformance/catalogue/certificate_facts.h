// From a chain as it was sent to what a verdict needs to know of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "certs/identifiers.h"
#include "certs/verify.h"
#include "conformance/verdict/decide.h"

namespace relayproof::catalogue {

/// `chain` as sent, leaf first (DER); `at`: seconds since the epoch. That the peer holds the key is taken for granted.
/// Throws Error when the leaf is no certificate.
verdict::ClientCertificate certificateFacts(const std::vector<std::string>& chain, certs::ChainVerifier& verifier,
                                            std::int64_t at);

/// The same from a chain that has been read and verified already.
verdict::ClientCertificate certificateFacts(const certs::SubjectIdentifiers& identifiers,
                                            const certs::ChainFacts& facts);

}  // namespace relayproof::catalogue
