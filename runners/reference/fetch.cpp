#include "runners/reference/fetch.h"

#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>

#include "runners/reference/outlet.h"

namespace relayproof::reference {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::size_t largestList = std::size_t{1} << 24;
constexpr std::string_view scheme = "http://";
constexpr unsigned short usualPort = 80;
constexpr unsigned http11 = 11;

struct Place {
  std::string authority;
  std::string path;
  tcp::endpoint endpoint;
};

std::optional<Place> placeOf(std::string_view uri) {
  if (!uri.starts_with(scheme)) return std::nullopt;
  uri.remove_prefix(scheme.size());
  const std::size_t slash = std::min(uri.find('/'), uri.size());
  Place place{std::string(uri.substr(0, slash)), std::string(uri.substr(slash)), {}};
  if (place.path.empty()) place.path = "/";
  const std::size_t colon = std::min(place.authority.find(':'), place.authority.size());
  unsigned short port = usualPort;
  if (colon < place.authority.size()) {
    const char* const end = place.authority.data() + place.authority.size();
    const auto [stop, failed] = std::from_chars(place.authority.data() + colon + 1, end, port);
    if (failed != std::errc() || stop != end) return std::nullopt;
  }
  boost::system::error_code failed;
  const auto address = asio::ip::make_address_v4(place.authority.substr(0, colon), failed);
  if (failed) return std::nullopt;
  place.endpoint = {address, port};
  return place;
}

}  // namespace

asio::awaitable<std::optional<RevocationList>> fetchList(std::string uri, std::chrono::seconds longest) {
  const std::optional<Place> place = placeOf(uri);
  if (!place) co_return std::nullopt;
  boost::beast::tcp_stream stream(co_await asio::this_coro::executor);
  stream.expires_after(longest);  // for all of it together
  const auto [unconnected] = co_await stream.async_connect(place->endpoint, asTuple);
  if (unconnected) co_return std::nullopt;
  http::request<http::empty_body> request(http::verb::get, place->path, http11);
  request.set(http::field::host, place->authority);
  const auto [unsaid, written] = co_await http::async_write(stream, request, asTuple);
  if (unsaid) co_return std::nullopt;
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(largestList);
  const auto [unheard, read] = co_await http::async_read(stream, buffer, parser, asTuple);
  if (unheard || parser.get().result() != http::status::ok) co_return std::nullopt;
  const std::string& body = parser.get().body();
  const auto* octets = reinterpret_cast<const unsigned char*>(body.data());
  RevocationList list(d2i_X509_CRL(nullptr, &octets, static_cast<long>(body.size())));
  if (!list) co_return std::nullopt;
  co_return list;
}

}  // namespace relayproof::reference
