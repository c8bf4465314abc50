// Lists of revoked certificates: what stands where the certificates of cases say that theirs are.
#pragma once

#include <map>
#include <string>

#include "certs/revocation.h"
#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {

/// What is to be had at one place.
struct ServedList {
  std::string served;  ///< as in ListPlan
  std::string octets;
};

/// By path, as in "/listing.crl". Throws Error where a list cannot be made.
std::map<std::string, ServedList> servedLists(const Catalogue& catalogue, const certs::Mint& mint);

/// What comes to whoever asks, by URI; of those that never come whole nothing.
certs::ByUri listsByUri(const Catalogue& catalogue, const certs::Mint& mint);

}  // namespace relayproof::catalogue
