// A certification authority of the user's own, for `certs --issuer`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "certs/document.h"

namespace relayproof::certs {

struct OwnRoot {
  std::string certificate;    ///< DER
  std::string key;            ///< DER
  std::string subject;        ///< Name, DER
  std::string keyIdentifier;  ///< as its certificates name it
  std::int64_t notBefore = 0;
};

/// Reads both from PEM texts. An Error for a certificate that is not self-signed, no CA, out of its time at `at`
/// (seconds since the epoch), or without room for an intermediate below it, and for a key that is not its own or is
/// encrypted.
Expected<OwnRoot> readOwnRoot(std::string_view certificate, const std::string& certificatePlace, std::string_view key,
                              const std::string& keyPlace, std::int64_t at);

}  // namespace relayproof::certs
