// Times of certificates as numbers.
#pragma once

#include <cstdint>

#include "certs/owned.h"

namespace relayproof::certs {

/// Seconds since the epoch; 0 for a time that OpenSSL cannot read.
inline std::int64_t secondsOf(const ASN1_TIME* time) {
  const Owned<ASN1_TIME> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0, seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return 0;
  return std::int64_t{days} * 86400 + seconds;
}

}  // namespace relayproof::certs
