// What lists of revoked certificates (RFC 5280 5 and 6.3) say of a chain.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace relayproof::certs {

enum class Standing {
  notNamed,  ///< no certificate of the chain names a list
  good,      ///< each that names a list is on none
  revoked,   ///< one is on a current list of its issuer
  unknown,   ///< one names a list, and none that counts is there
};

/// What is to be had at a URI: the octets, a list (DER) or not.
using ByUri = std::map<std::string, std::string>;

/// Of a chain as it was sent, leaf first (DER). `issuers`: certificates beside it that may have issued one of it. A
/// list counts where it is its issuer's own, signed with a key that may sign lists, and current `at` (seconds since the
/// epoch).
Standing standingOf(const std::vector<std::string>& chain, const std::vector<std::string>& issuers, const ByUri& lists,
                    std::int64_t at);

}  // namespace relayproof::certs
