// A certification authority of the user's own, for `certs --issuer`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"

namespace relayproof::certs {

/// The root itself, or a CA below somebody's root.
struct OwnRoot {
  std::string certificate;         ///< DER
  std::vector<std::string> above;  ///< DER, its issuers as far as they are known, the next one first
  std::string key;                 ///< DER
  std::string subject;             ///< Name, DER
  std::string keyIdentifier;       ///< as its certificates name it
  std::int64_t notBefore = 0;      ///< the latest of its own and its issuers'
};

/// Reads both from PEM texts; after the certificate come those of its issuers, where it is not self-signed. An Error
/// for a certificate that is no CA's, out of its time at `at` (seconds since the epoch), not issued by the one after
/// it, or without room for an intermediate below it, and for a key that is not its own or is encrypted.
Expected<OwnRoot> readOwnRoot(std::string_view certificate, const std::string& certificatePlace, std::string_view key,
                              const std::string& keyPlace, std::int64_t at);

}  // namespace relayproof::certs
