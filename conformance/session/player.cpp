#include "conformance/session/player.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "conformance/session/dialogue.h"
#include "conformance/session/tls.h"

namespace relayproof::session {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Done = std::function<void(std::size_t, Record)>;

constexpr auto kLongestUnpolled = std::chrono::milliseconds(100);

/// A listener's address, looked up once: every session of a run goes to the same one.
class Address {
 public:
  explicit Address(const Listener& listener) : listener_(listener) {}

  /// Null: there is none, and why().
  const Place* place() {
    if (!place_ && why_.empty()) {
      asio::io_context io;
      tcp::resolver resolver(io);
      boost::system::error_code error;
      const auto found =
          resolver.resolve(listener_.host, std::to_string(listener_.port), tcp::resolver::numeric_service, error);
      if (error || found.empty()) {
        why_ = fmt::format("cannot find {}: {}", listener_.host, error.message());
      } else {
        place_ = Place{found.begin()->endpoint(), listener_.implicitTls};
      }
    }
    return place_ ? &*place_ : nullptr;
  }
  const std::string& why() const { return why_; }

 private:
  const Listener listener_;
  std::optional<Place> place_;
  std::string why_;
};

}  // namespace

struct Player::State {
  explicit State(Target where)
      : target(std::move(where)), contexts(target), first(target), other(target.other.value_or(target)) {}

  /// Sessions begin one after the other, so far apart that there are no more of them a second.
  asio::awaitable<void> awaitTurn() {
    if (target.rate <= 0) co_return;
    const auto apart = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / target.rate));
    const Clock::time_point mine = std::max(turn, Clock::now());
    turn = mine + apart;
    asio::steady_timer timer(co_await asio::this_coro::executor, mine);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::awaitable<void> worker(const std::vector<Job>& jobs, std::size_t& next, const Done& done) {
    while (next < jobs.size()) {
      const std::size_t mine = next++;
      const Job& job = jobs[mine];
      Address& wanted = job.atOther ? other : first;
      const Place* const here = wanted.place();
      const Place* const before = first.place();
      if (here == nullptr || before == nullptr) {
        done(mine, unreachable(job, (here == nullptr ? wanted : first).why()));
        continue;
      }
      co_await awaitTurn();
      Record record = co_await playDialogue(target, *here, *before, job, contexts);
      done(mine, std::move(record));
    }
  }

  Target target;
  Contexts contexts;
  Address first, other;
  Clock::time_point turn;  ///< of the next session
};

Player::Player(Target target) : state_(std::make_unique<State>(std::move(target))) {}
Player::~Player() = default;

bool Player::run(const std::vector<Job>& jobs, std::size_t concurrency, const Done& done,
                 const std::function<bool()>& stop) {
  std::size_t next = 0;
  std::size_t working = std::clamp<std::size_t>(concurrency, 1, std::max<std::size_t>(jobs.size(), 1));
  // Its end takes the sessions with it that a stop leaves unfinished.
  asio::io_context io(1);
  for (std::size_t count = working; count > 0; --count) {
    asio::co_spawn(io, state_->worker(jobs, next, done), [&working](std::exception_ptr fault) {
      --working;
      if (fault) std::rethrow_exception(fault);
    });
  }
  while (working > 0) {
    if (stop()) return false;
    io.run_one_for(kLongestUnpolled);
  }
  return true;
}

Record Player::play(const Job& job) {
  Record record;
  run(std::vector<Job>{job}, 1, [&](std::size_t, Record played) { record = std::move(played); }, [] { return false; });
  return record;
}

}  // namespace relayproof::session
