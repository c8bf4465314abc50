// Reads one family file: first what it brings (tenants, addresses), then its cases, which may refer to what any family
// brings. Both throw Error.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {

/// Adds the family, its tenants and addresses to the catalogue.
void readFamily(const Node& root, Catalogue& catalogue);

/// Adds the family's cases. Names of other cases are made full ids but not yet looked up: `twin` holds them, and
/// `blueprint` is a string where the certificate is another case's. `text` is the file, for line numbers.
void readCases(const Node& root, std::string_view text, Catalogue& catalogue);

/// "{NAME}" and "{NAME}/BITS" in senderIPAddresses replaced by the addresses they stand for.
Json withAddresses(Json tenancy, const std::map<std::string, std::string>& addresses);

/// The line of each key directly under "cases" in a valid JSON text.
std::map<std::string, int> linesOfCases(std::string_view text);

}  // namespace relayproof::catalogue
