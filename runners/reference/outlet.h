#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runners/reference/dialogue.h"

// The way to the next server: one SMTP connection, kept open, opened anew when it was lost, one message at a time.
// Belongs to one io_context that one thread runs.
namespace relayproof::reference {

// A failure is a value here, as an operation that fails is an ordinary end.
inline constexpr auto asTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

class Outlet {
 public:
  // Without an endpoint every parcel counts as taken: a black hole.
  Outlet(boost::asio::io_context& io, std::optional<boost::asio::ip::tcp::endpoint> endpoint);

  // Ends within about a minute, whatever the server does. A parcel is sent a second time only if the connection was
  // lost before its content went out.
  boost::asio::awaitable<HandedOver> pass(const Parcel& parcel);

 private:
  enum class Attempt { taken, notNow, never, lostBeforeContent };

  boost::asio::awaitable<bool> open();
  boost::asio::awaitable<Attempt> send(const Parcel& parcel);
  boost::asio::awaitable<bool> write(const std::string& octets);
  boost::asio::awaitable<int> readReply();  // its code; 0 where the connection is lost or no SMTP
  Attempt giveUp(int code);

  std::optional<boost::asio::ip::tcp::endpoint> endpoint_;
  boost::asio::steady_timer gate_;
  bool busy_ = false;
  boost::asio::any_io_executor executor_;
  std::optional<boost::beast::tcp_stream> stream_;
  std::string received_;
  std::string reply_;  // the last one, whole
  bool pipelining_ = false;
  bool eightBit_ = false;
};

}  // namespace relayproof::reference
