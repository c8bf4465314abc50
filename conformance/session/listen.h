// Where a server of ours listens.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace relayproof::session {

/// Of HOST:PORT; a host that is an IPv6 address stands in brackets. Throws boost::system::system_error.
boost::asio::ip::tcp::endpoint endpointOf(const std::string& listen);
/// HOST:PORT as bound.
std::string addressOf(const boost::asio::ip::tcp::endpoint& bound);

}  // namespace relayproof::session
