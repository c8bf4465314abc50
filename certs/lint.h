// What is wrong with a client certificate, or may surprise whoever presents it, whatever a connector says: for
// `relayproof certs lint`, and for certificates of others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"

namespace relayproof::certs {

struct Finding {
  enum class Level {
    fault,  ///< some relays that keep to the standards refuse it
    note    ///< right, and yet not what everybody expects
  };
  Level level = Level::fault;
  std::string_view rule;  ///< "expired", a static text
  std::string what;       ///< a clause without a period
};

/// Looks at a chain as it would be sent (DER, leaf first) at a time in seconds since the epoch, in the order of what
/// matters most. An Error where the leaf is no certificate.
Expected<std::vector<Finding>> lintChain(const std::vector<std::string>& chain, std::int64_t at);

}  // namespace relayproof::certs
