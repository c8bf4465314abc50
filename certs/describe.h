// One certificate as text for a person: every name with its ASN.1 type, nothing in it that a terminal would obey.
#pragma once

#include <string>
#include <string_view>

#include "certs/document.h"

namespace relayproof::certs {

/// A line a fact, each presented identifier on a line of its own; ends with a line feed. An Error where the octets are
/// no certificate.
Expected<std::string> describeCertificate(std::string_view der);

/// The same, each line that `plain` has not marked by `>`, and what only `plain` has told of: the certificate as it
/// would be without its deviation beside the one that has it.
Expected<std::string> describeDeviation(std::string_view der, std::string_view plain);

}  // namespace relayproof::certs
