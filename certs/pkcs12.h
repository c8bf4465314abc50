// A key and its chain as one PKCS#12 file (RFC 7292), as Windows, Java and browsers take them.
#pragma once

#include <optional>
#include <string>

#include "certs/mint.h"

namespace relayproof::certs {

/// Opens every file that is made here; a test key has nothing to protect, but an unencrypted entry stays hidden in
/// Java.
inline constexpr const char* kPkcs12Password = "relayproof";

/// Encrypted with AES-256-CBC under PBKDF2. Salts and vectors are derived from the fixture's own octets, so that the
/// same fixture gives the same file. nullopt: OpenSSL does not read one of the certificates.
std::optional<std::string> pkcs12(const Fixture& fixture);

}  // namespace relayproof::certs
