#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "runners/reference/revocation.h"

// Revocation lists by HTTP, from where a certificate says that they are (RFC 5280 4.2.1.13, RFC 2585).
namespace relayproof::reference {

// Nothing where there is no list, or none within `longest`, or one of more than 16 MiB. A host is an IPv4 address
// here: nobody is asked for names.
boost::asio::awaitable<std::optional<RevocationList>> fetchList(std::string uri, std::chrono::seconds longest);

}  // namespace relayproof::reference
