#include "runners/reference/outlet.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace relayproof::reference {
namespace asio = boost::asio;
namespace {

constexpr auto patienceWithHop = std::chrono::seconds(20);
constexpr std::size_t longestReply = 64 * 1024;

}  // namespace

Outlet::Outlet(asio::io_context& io, std::optional<asio::ip::tcp::endpoint> endpoint)
    : endpoint_(std::move(endpoint)), gate_(io, asio::steady_timer::time_point::max()), executor_(io.get_executor()) {}

asio::awaitable<HandedOver> Outlet::pass(const Parcel& parcel) {
  if (!endpoint_) co_return HandedOver::yes;
  while (busy_) {
    boost::system::error_code woken;
    co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  busy_ = true;
  Attempt attempt = Attempt::notNow;
  for (bool again = true; again;) {
    const bool kept = stream_.has_value();
    bool ready = kept;
    if (!ready) ready = co_await open();
    attempt = Attempt::notNow;
    if (ready) attempt = co_await send(parcel);
    again = kept && attempt == Attempt::lostBeforeContent;
  }
  busy_ = false;
  gate_.cancel_one();
  if (attempt == Attempt::taken) co_return HandedOver::yes;
  co_return attempt == Attempt::never ? HandedOver::never : HandedOver::notNow;
}

asio::awaitable<bool> Outlet::open() {
  stream_.emplace(executor_);
  received_.clear();
  stream_->expires_after(patienceWithHop);
  const auto [failed] = co_await stream_->async_connect(*endpoint_, asTuple);
  if (!failed) {
    boost::system::error_code ignored;
    stream_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    const int greeting = co_await readReply();
    if (greeting == 220) {
      const std::string hello = "EHLO relay.test\r\n";
      const bool sent = co_await write(hello);
      int code = 0;
      if (sent) code = co_await readReply();
      if (code == 250) {
        pipelining_ = reply_.find("PIPELINING") != std::string::npos;
        eightBit_ = reply_.find("8BITMIME") != std::string::npos;
        co_return true;
      }
    }
  }
  stream_.reset();
  co_return false;
}

asio::awaitable<Outlet::Attempt> Outlet::send(const Parcel& parcel) {
  const bool eightBit = std::ranges::any_of(parcel.message, [](char c) { return (c & 0x80) != 0; });
  std::vector<std::string> commands;
  commands.push_back("MAIL FROM:<" + parcel.sender + (eightBit && eightBit_ ? "> BODY=8BITMIME" : ">") +
                     (parcel.smtpUtf8 ? " SMTPUTF8\r\n" : "\r\n"));
  for (const std::string& recipient : parcel.recipients) commands.push_back("RCPT TO:<" + recipient + ">\r\n");
  commands.push_back("DATA\r\n");

  if (pipelining_) {
    std::string all;
    for (const std::string& command : commands) all += command;
    const bool sent = co_await write(all);
    if (!sent) co_return giveUp(0);
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    bool sent = true;
    if (!pipelining_) sent = co_await write(commands[i]);
    int code = 0;
    if (sent) code = co_await readReply();
    const bool isData = i + 1 == commands.size();
    if (isData ? code != 354 : code / 100 != 2) co_return giveUp(code);
  }

  const std::string content = stuffed(parcel.message);
  const bool sent = co_await write(content);
  int code = 0;
  if (sent) code = co_await readReply();
  if (code / 100 == 2) co_return Attempt::taken;
  const Attempt refused = giveUp(code);
  co_return refused == Attempt::lostBeforeContent ? Attempt::notNow : refused;
}

Outlet::Attempt Outlet::giveUp(int code) {
  stream_.reset();
  if (code == 0) return Attempt::lostBeforeContent;
  return code / 100 == 5 ? Attempt::never : Attempt::notNow;
}

asio::awaitable<bool> Outlet::write(const std::string& octets) {
  stream_->expires_after(patienceWithHop);
  const auto [failed, written] = co_await asio::async_write(*stream_, asio::buffer(octets), asTuple);
  co_return !failed;
}

asio::awaitable<int> Outlet::readReply() {
  reply_.clear();
  for (;;) {
    for (std::size_t end; (end = received_.find("\r\n")) != std::string::npos;) {
      const std::string line = received_.substr(0, end);
      received_.erase(0, end + 2);
      reply_ += line + "\n";
      if (line.size() < 3 || line.find_first_not_of("0123456789") < 3) co_return 0;
      if (line.size() == 3 || line[3] != '-') co_return std::stoi(line.substr(0, 3));
    }
    if (received_.size() + reply_.size() > longestReply) co_return 0;
    std::array<char, 4096> octets;
    stream_->expires_after(patienceWithHop);
    const auto [failed, read] = co_await stream_->async_read_some(asio::buffer(octets), asTuple);
    if (failed) co_return 0;
    received_.append(octets.data(), read);
  }
}

}  // namespace relayproof::reference
