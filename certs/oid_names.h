// The short names of object identifiers that blueprints may use and descriptions show: {dotted form, name}.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace relayproof::certs {

using OidName = std::pair<std::string_view, std::string_view>;

/// Attributes of a distinguished name (RFC 4519, RFC 5280 4.1.2.4).
inline constexpr std::array<OidName, 10> kAttributeNames{{{"2.5.4.6", "C"},
                                                          {"2.5.4.10", "O"},
                                                          {"2.5.4.11", "OU"},
                                                          {"2.5.4.3", "CN"},
                                                          {"2.5.4.7", "L"},
                                                          {"2.5.4.8", "ST"},
                                                          {"2.5.4.5", "serialNumber"},
                                                          {"1.2.840.113549.1.9.1", "emailAddress"},
                                                          {"0.9.2342.19200300.100.1.25", "DC"},
                                                          {"0.9.2342.19200300.100.1.1", "UID"}}};

/// Purposes of extendedKeyUsage (RFC 5280 4.2.1.12).
inline constexpr std::array<OidName, 4> kPurposeNames{{{"1.3.6.1.5.5.7.3.2", "clientAuth"},
                                                       {"1.3.6.1.5.5.7.3.1", "serverAuth"},
                                                       {"2.5.29.37.0", "any"},
                                                       {"1.3.6.1.5.5.7.3.3", "codeSigning"}}};

}  // namespace relayproof::certs
