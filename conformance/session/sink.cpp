#include "conformance/session/sink.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "conformance/session/listen.h"
#include "conformance/session/sink_dialogue.h"

namespace relayproof::session {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kLargestRead = 16384;

bool holds(const SinkMessage& message, const std::string& token) {
  if (message.data.find(token) != std::string::npos || message.mailFrom.find(token) != std::string::npos) return true;
  for (const std::string& recipient : message.recipients) {
    if (recipient.find(token) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

struct Sink::State {
  explicit State(const std::string& listen) : acceptor(io, endpointOf(listen)) {
    address = addressOf(acceptor.local_endpoint());
    asio::co_spawn(io, accept(), asio::detached);
    thread = std::thread([this] { io.run(); });
  }

  ~State() {
    io.stop();
    thread.join();
  }

  asio::awaitable<void> accept() {
    while (true) {
      error_code error;
      tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error)
        asio::co_spawn(io, serve(std::move(socket)), asio::detached);
      else
        co_await rest();
    }
  }

  /// Where there are no more descriptors for a while.
  asio::awaitable<void> rest() {
    asio::steady_timer timer(io, std::chrono::milliseconds(20));
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    error_code error;
    socket.set_option(tcp::no_delay(true), error);
    SinkDialogue dialogue;
    std::string replies = dialogue.greeting();
    std::string octets(kLargestRead, '\0');
    while (true) {
      if (!replies.empty())
        co_await asio::async_write(socket, asio::buffer(replies), asio::redirect_error(asio::use_awaitable, error));
      if (error || dialogue.finished()) co_return;
      const std::size_t size =
          co_await socket.async_read_some(asio::buffer(octets), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      replies = dialogue.hear(std::string_view(octets).substr(0, size));
      std::vector<SinkMessage> taken = dialogue.takeMessages();
      const std::lock_guard lock(mutex);
      for (SinkMessage& message : taken) messages.push_back(std::move(message));
    }
  }

  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::string address;
  mutable std::mutex mutex;
  std::vector<SinkMessage> messages;
  std::thread thread;
};

Sink::Sink(const std::string& listen) {
  try {
    state_ = std::make_unique<State>(listen);
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), "cannot listen on " + listen);
  }
}
Sink::~Sink() = default;

std::string Sink::address() const { return state_->address; }

std::vector<SinkMessage> Sink::find(const std::string& token, std::size_t since) const {
  const std::lock_guard lock(state_->mutex);
  std::vector<SinkMessage> found;
  for (std::size_t at = since; at < state_->messages.size(); ++at)
    if (holds(state_->messages[at], token)) found.push_back(state_->messages[at]);
  return found;
}

std::size_t Sink::count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->messages.size();
}

}  // namespace relayproof::session
