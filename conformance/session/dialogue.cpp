#include "conformance/session/dialogue.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "conformance/session/one_dialogue.h"

namespace relayproof::session {
namespace {

/// The same EHLO, senders and recipients, and no message.
void askAsLater(const Job& job, Job& before) {
  before.transactions = job.transactions;
  for (const wire::Step& step : job.steps)
    if (const auto* ehlo = std::get_if<step::Ehlo>(&step))
      for (wire::Step& earlier : before.steps)
        if (std::holds_alternative<step::Ehlo>(earlier)) earlier = *ehlo;
  const auto quit = before.steps.end() - 1;
  std::vector<wire::Step> asks;
  for (std::size_t i = 0; i < before.transactions.size(); ++i) asks.emplace_back(step::Mail{i});
  before.steps.insert(quit, asks.begin(), asks.end());
}

/// The session that is to be resumed: as far as the first reply over TLS, behind which tickets have come (RFC
/// 8446 4.6.1); or one that asks what the next one will.
Job sessionBefore(const Job& job, bool implicitTls) {
  Job before;
  before.source = job.source;
  before.identity = job.earlier->identity;
  before.earlier = job.earlier;
  before.tlsVersion = job.tlsVersion;
  before.steps = wire::plainDialogue("client.example", !implicitTls, 0);
  if (job.earlier->way == Earlier::Way::session) askAsLater(job, before);
  return before;
}

/// The session that is to be resumed, and the pause behind it.
awaitable<Begun> begin(const Target& target, Place place, const Job& job, Contexts& contexts) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const Clock::time_point start = Clock::now();
  const Job before = sessionBefore(job, place.implicitTls);
  Dialogue earlier(asio::ip::tcp::socket(executor), target, std::move(place), before, contexts, nullptr);
  Record said = co_await earlier.play();
  TlsSession offered = job.earlier->resumes() ? earlier.session() : nullptr;
  asio::steady_timer timer(executor, std::chrono::seconds(job.earlier->pauseSeconds));
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  Begun begun;
  begun.transcript = std::move(said.transcript);
  begun.offered = std::move(offered);
  begun.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  co_return begun;
}

/// What was said in the session before goes in front.
void prepend(Begun begun, bool resumes, Record& record) {
  std::vector<Event> earlier = std::move(begun.transcript);
  const double seconds = begun.seconds;
  earlier.push_back({seconds, "client",
                     !resumes        ? "(another connection)"
                     : begun.offered ? "(another connection, to resume the TLS session of the first)"
                                     : "(another connection; the first gave no TLS session to resume)"});
  for (Event& event : record.transcript) {
    event.at += seconds;
    earlier.push_back(std::move(event));
  }
  record.transcript = std::move(earlier);
  record.seconds += seconds;
}

}  // namespace

awaitable<Record> playDialogue(const Target& target, Place here, Place before, const Job& job, Contexts& contexts) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  if (!job.earlier || job.earlier->inThisSession()) {
    Dialogue dialogue(asio::ip::tcp::socket(executor), target, std::move(here), job, contexts, nullptr);
    co_return co_await dialogue.play();
  }
  Begun begun;
  if (job.begun)
    begun = *job.begun;
  else
    begun = co_await begin(target, std::move(before), job, contexts);
  if (job.beginsOnly) {
    Record only;
    only.begun = std::move(begun);
    co_return only;
  }
  Dialogue dialogue(asio::ip::tcp::socket(executor), target, std::move(here), job, contexts, begun.offered.get());
  Record record = co_await dialogue.play();
  prepend(std::move(begun), job.earlier->resumes(), record);
  co_return record;
}

awaitable<Record> playDialogue(const Target& target, asio::ip::tcp::socket connected, const Job& job,
                               Contexts& contexts) {
  Dialogue dialogue(std::move(connected), target, Place{{}, target.implicitTls}, job, contexts, nullptr);
  co_return co_await dialogue.play();
}

Record unreachable(const Job& job, std::string why) {
  Record record;
  record.source = job.source;
  record.end = End::unreachable;
  record.endedAt = Stage::connect;
  record.endText = std::move(why);
  return record;
}

}  // namespace relayproof::session
