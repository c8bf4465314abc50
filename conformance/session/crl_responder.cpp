#include "conformance/session/crl_responder.h"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "conformance/session/listen.h"

namespace relayproof::session {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kPatience = std::chrono::seconds(60);
constexpr auto kBetweenOctets = std::chrono::milliseconds(100);
constexpr std::size_t kEndless = std::size_t{1} << 20;  // octets that are announced and never all sent

http::response<http::string_body> answerTo(const CrlPage* page, bool keepAlive) {
  http::response<http::string_body> answer(page ? http::status::ok : http::status::not_found, 11);
  answer.set(http::field::content_type, page ? "application/pkix-crl" : "text/plain");
  answer.body() = page ? page->octets : "no such list\n";
  answer.keep_alive(keepAlive);
  answer.prepare_payload();
  return answer;
}

}  // namespace

struct CrlResponder::State {
  explicit State(const std::string& listen) : acceptor(io, endpointOf(listen)) {
    address = addressOf(acceptor.local_endpoint());
  }

  ~State() {
    io.stop();
    if (thread.joinable()) thread.join();
  }

  void start() {
    asio::co_spawn(io, accept(), asio::detached);
    thread = std::thread([this] { io.run(); });
  }

  asio::awaitable<void> accept() {
    while (true) {
      error_code error;
      tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error) asio::co_spawn(io, serve(boost::beast::tcp_stream(std::move(socket))), asio::detached);
    }
  }

  asio::awaitable<void> serve(boost::beast::tcp_stream stream) {
    boost::beast::flat_buffer buffer;
    for (bool open = true; open;) {
      error_code error;
      stream.expires_after(kPatience);
      http::request<http::string_body> request;
      co_await http::async_read(stream, buffer, request, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      ++asked;
      const auto found = pages.find(std::string(request.target()));
      const CrlPage* page = found == pages.end() ? nullptr : &found->second;
      if (page != nullptr && page->manner != CrlPage::Manner::whole) co_return co_await tease(stream, *page);
      auto answer = answerTo(page, request.keep_alive());
      open = request.keep_alive();
      co_await http::async_write(stream, answer, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
    }
  }

  /// What never becomes a list, until the other side has enough of it.
  asio::awaitable<void> tease(boost::beast::tcp_stream& stream, const CrlPage& page) {
    std::string octets;
    if (page.manner != CrlPage::Manner::never)
      octets = "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: " + std::to_string(kEndless) +
               "\r\n\r\n";
    if (page.manner == CrlPage::Manner::cut) octets += page.octets.substr(0, page.octets.size() / 2);
    asio::steady_timer pause(io);
    error_code error;
    for (std::size_t next = 0; !error; ++next) {
      stream.expires_after(kPatience);
      co_await asio::async_write(stream, asio::buffer(octets), asio::redirect_error(asio::use_awaitable, error));
      if (page.manner == CrlPage::Manner::cut) co_return;
      octets = page.octets.empty() ? "" : page.octets.substr(next % page.octets.size(), 1);
      pause.expires_after(kBetweenOctets);
      error_code ignored;
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      if (page.manner == CrlPage::Manner::never) error = gone(stream.socket());
    }
  }

  /// Whoever says nothing is not told that the other side has left.
  static error_code gone(tcp::socket& socket) {
    error_code error;
    char octet = 0;
    socket.non_blocking(true, error);
    socket.receive(asio::buffer(&octet, 1), tcp::socket::message_peek, error);
    return error == asio::error::would_block ? error_code() : error;
  }

  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::string address;
  std::map<std::string, CrlPage> pages;
  std::atomic<std::size_t> asked = 0;
  std::thread thread;
};

CrlResponder::CrlResponder(const std::string& listen) {
  try {
    state_ = std::make_unique<State>(listen);
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), "cannot listen on " + listen);
  }
}
CrlResponder::~CrlResponder() = default;

std::string CrlResponder::address() const { return state_->address; }

void CrlResponder::serve(std::map<std::string, CrlPage> pages) {
  state_->pages = std::move(pages);
  state_->start();
}

std::size_t CrlResponder::asked() const { return state_->asked; }

}  // namespace relayproof::session
