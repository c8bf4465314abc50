#include "conformance/session/listen.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

namespace relayproof::session {

using boost::asio::ip::tcp;

tcp::endpoint endpointOf(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  const std::string host = colon == std::string::npos ? listen : listen.substr(0, colon);
  const std::string port = colon == std::string::npos ? "25" : listen.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  boost::asio::io_context io;
  return tcp::resolver(io)
      .resolve(bracketed ? host.substr(1, host.size() - 2) : host, port, tcp::resolver::numeric_service)
      .begin()
      ->endpoint();
}

std::string addressOf(const tcp::endpoint& bound) {
  const std::string host = bound.address().to_string();
  return bound.address().is_v6() ? fmt::format("[{}]:{}", host, bound.port())
                                 : fmt::format("{}:{}", host, bound.port());
}

}  // namespace relayproof::session
