#include "conformance/run/attempt.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "conformance/catalogue/guise.h"
#include "conformance/run/schedule.h"

namespace relayproof::run {
namespace {

constexpr double kLongestSettle = 10;     // seconds to wait for the first message to be passed on
constexpr double kShortestSettle = 0.05;  // afterwards, a multiple of what the first one took
constexpr double kSettleFactor = 4;
constexpr double kPollInterval = 0.005;
constexpr int kPatienceWhereSlow = 2;  // a relay may wait for a third as long as we do for it

std::vector<std::string> messagesOf(const std::vector<wire::Transaction>& transactions) {
  std::vector<std::string> messages;
  for (const wire::Transaction& transaction : transactions) messages.push_back(transaction.message);
  return messages;
}

}  // namespace

bool awaitsMail(const result::Session& session) {
  for (const result::Transaction& transaction : session.transactions)
    for (const result::Recipient& recipient : transaction.recipients)
      if (recipient.observed.verdict == "accept" && recipient.observed.passedOn == "none") return true;
  return false;
}

Stage::Stage(const Request& request, const Surroundings& surroundings, const std::vector<const catalogue::Case*>& cases)
    : request_(request),
      surroundings_(surroundings),
      bindings_(bindingsOf(request.setup)),
      player_(request.target),
      settle_(request.setup.settle.value_or(kShortestSettle)) {
  std::vector<const catalogue::Case*> plain;
  for (const catalogue::Case* one : cases) (one->hasTag(catalogue::kGuise) ? guises_ : plain).push_back(one);
  rehearsal_ = rehearse(request, bindings_, plain, static_cast<std::int64_t>(surroundings.now()));
  // Tokens of two runs against one relay must differ, or its log and our sinks mix them up.
  nextToken_ = (static_cast<std::uint64_t>(surroundings.now() * 1000) * 2654435761u + request.seed) & 0xffffffu;
}

const Rehearsed& Stage::rehearsed(const catalogue::Case& one) {
  if (!rehearsal_.contains(&one))
    rehearsal_.merge(
        rehearse(request_, bindings_, std::exchange(guises_, {}), static_cast<std::int64_t>(surroundings_.now())));
  return rehearsal_.at(&one);
}

session::Job Stage::prepare(Attempt& attempt, std::optional<result::RecipientPlace> alone) {
  const catalogue::Case& one = *attempt.one;
  attempt.delivery.token = fmt::format("rp-{:06x}", nextToken_++ & 0xffffffu);
  if (surroundings_.nextHop) attempt.delivery.nextHopBefore = surroundings_.nextHop->count();
  if (surroundings_.localHop) attempt.delivery.localHopBefore = surroundings_.localHop->count();
  session::Job job;
  job.source = attempt.source = catalogue::clientAddress(request_.catalogue, bindings_, one.address);
  attempt.identity = rehearsed(one).identity;
  if (one.period)
    attempt.identity =
        identityOf(catalogue::fixtureOf(one, request_.mint, static_cast<std::int64_t>(surroundings_.now())), one);
  if (one.earlier) job.earlier = earlierOf(attempt);
  job.identity = attempt.identity;
  if (one.beside)
    job.beside = session::Beside{
        catalogue::clientAddress(request_.catalogue, bindings_, one.beside->address),
        identityOf(catalogue::besideFixtureOf(one, request_.mint, static_cast<std::int64_t>(surroundings_.now())),
                   one)};
  if (one.tls != "none") job.tlsVersion = one.tls;
  job.sni = one.sni;
  job.atOther = one.otherListener;
  job.steps = catalogue::stepsOf(one, request_.catalogue, bindings_, attempt.delivery.token);
  job.transactions = catalogue::transactionsOf(one, request_.catalogue, bindings_, attempt.delivery.token);
  job.noData = request_.setup.noData;
  job.patience = one.hasTag(kSlow) ? kPatienceWhereSlow : 1;
  if (alone) {
    for (std::size_t t = 0; t < job.transactions.size(); ++t) {
      auto& recipients = job.transactions[t].recipients;
      if (t == alone->transaction && alone->recipient < recipients.size())
        recipients = {recipients[alone->recipient]};
      else
        recipients.clear();
    }
  }
  attempt.steps = job.steps;
  attempt.transactions = job.transactions;
  return job;
}

/// The handshake before, and where its certificate is short-lived a fresh one of the case's own.
session::Earlier Stage::earlierOf(Attempt& attempt) {
  using Way = session::Earlier::Way;
  const catalogue::Earlier& earlier = *attempt.one->earlier;
  const auto at = static_cast<std::int64_t>(surroundings_.now());
  session::Earlier made;
  static const std::map<std::string, Way> ways = {{"ticket", Way::ticket},
                                                  {"session-id", Way::sessionId},
                                                  {"renegotiation", Way::renegotiation},
                                                  {"post-handshake", Way::postHandshake},
                                                  {"session", Way::session}};
  made.way = ways.at(earlier.by);
  made.identity = identityOf(catalogue::earlierFixtureOf(*attempt.one, request_.mint, at), *attempt.one);
  if (!earlier.lifetime) return made;
  attempt.identity = identityOf(catalogue::fixtureOf(*attempt.one, request_.mint, at), *attempt.one);
  made.pauseSeconds = *earlier.lifetime + 1;
  return made;
}

std::map<const catalogue::Case*, session::Begun> Stage::begin(const std::vector<const catalogue::Case*>& cases,
                                                              std::size_t concurrency) {
  std::vector<Attempt> attempts;
  std::vector<session::Job> jobs;
  for (const catalogue::Case* one : cases) {
    if (!one->earlier || !one->earlier->resumes()) continue;
    attempts.emplace_back().one = one;
    jobs.push_back(prepare(attempts.back(), std::nullopt));
    jobs.back().beginsOnly = true;
  }
  std::map<const catalogue::Case*, session::Begun> begun;
  player_.run(
      jobs, concurrency,
      [&](std::size_t index, session::Record record) {
        if (record.begun) begun.emplace(attempts[index].one, *std::move(record.begun));
      },
      surroundings_.stop);
  return begun;
}

std::vector<Attempt> Stage::play(const std::vector<const catalogue::Case*>& cases, std::size_t concurrency) {
  return play(cases, concurrency, {});
}

std::vector<Attempt> Stage::play(const std::vector<const catalogue::Case*>& cases, std::size_t concurrency,
                                 const std::map<const catalogue::Case*, session::Begun>& begun) {
  std::vector<Attempt> attempts(cases.size());
  std::vector<session::Job> jobs;
  // Whoever waits begins first, and the others' sessions fill the time.
  std::vector<const catalogue::Case*> order;
  for (const bool waiting : {true, false})
    for (const catalogue::Case* one : cases)
      if (waits(*one) == waiting) order.push_back(one);
  for (std::size_t i = 0; i < order.size(); ++i) {
    attempts[i].one = order[i];
    jobs.push_back(prepare(attempts[i], std::nullopt));
    if (const auto found = begun.find(order[i]); found != begun.end()) jobs.back().begun = found->second;
  }
  std::vector<Attempt> played = play(std::move(attempts), std::move(jobs), concurrency);
  awaitPassingOn(played, settle_);
  return played;
}

std::optional<Attempt> Stage::playAlone(const catalogue::Case& one, result::RecipientPlace place) {
  std::vector<Attempt> attempts(1);
  attempts[0].one = &one;
  std::vector<session::Job> jobs = {prepare(attempts[0], place)};
  std::vector<Attempt> played = play(std::move(attempts), std::move(jobs), 1);
  if (played.empty()) return std::nullopt;
  return std::move(played.front());
}

std::vector<Attempt> Stage::play(std::vector<Attempt> attempts, std::vector<session::Job> jobs,
                                 std::size_t concurrency) {
  std::vector<bool> ended(attempts.size());
  std::size_t count = 0;
  player_.run(
      jobs, concurrency,
      [&](std::size_t index, session::Record record) {
        attempts[index].record = std::move(record);
        attempts[index].endedAs = count++;
        ended[index] = true;
      },
      surroundings_.stop);
  std::vector<Attempt> played;
  for (std::size_t i = 0; i < attempts.size(); ++i)
    if (ended[i]) played.push_back(std::move(attempts[i]));
  for (Attempt& attempt : played) see(attempt);
  return played;
}

result::PassedOn Stage::passedOn(Delivery& delivery) const {
  result::PassedOn found;
  if (surroundings_.nextHop) {
    found.nextHopWatched = true;
    found.nextHop = surroundings_.nextHop->find(delivery.token, delivery.nextHopBefore);
  }
  if (surroundings_.localHop) {
    found.localHopWatched = true;
    found.localHop = surroundings_.localHop->find(delivery.token, delivery.localHopBefore);
  }
  delivery.messages = found.nextHop.size() + found.localHop.size();
  return found;
}

void Stage::see(Attempt& attempt) {
  result::PassedOn now = passedOn(attempt.delivery);
  now.sent = messagesOf(attempt.transactions);
  std::set<std::size_t> smuggled;
  for (std::size_t t = 0; t < attempt.one->transactions.size(); ++t)
    if (attempt.one->transactions[t].smuggled) smuggled.insert(t);
  attempt.seen = result::observe(attempt.record, attempt.one->fixture,
                                 attempt.identity ? attempt.identity->chain : std::vector<std::string>{}, now,
                                 request_.setup.tenantHeader, smuggled);
  const catalogue::Judged& judged = computed(*attempt.one);
  const auto& acceptable = judged.acceptableOnce(attempt.seen.resumed);
  for (std::size_t t = 0; t < attempt.seen.transactions.size() && t < acceptable.size(); ++t) {
    auto& recipients = attempt.seen.transactions[t].recipients;
    for (std::size_t r = 0; r < recipients.size() && r < acceptable[t].size(); ++r)
      recipients[r].expected = answersOf(acceptable[t][r]);
  }
}

bool Stage::lookAgain(const catalogue::Case& one, Delivery& delivery, result::Session& seen) {
  const std::size_t before = delivery.messages;
  result::PassedOn now = passedOn(delivery);
  if (delivery.messages == before) return false;
  now.sent = messagesOf(catalogue::transactionsOf(one, request_.catalogue, bindings_, delivery.token));
  result::observeAgain(seen, now, request_.setup.tenantHeader);
  return true;
}

void Stage::awaitPassingOn(std::vector<Attempt>& attempts, double longest) {
  if (!surroundings_.nextHop && !surroundings_.localHop) return;
  const double start = surroundings_.now();
  for (Attempt& attempt : attempts)
    while (awaitsMail(attempt.seen) && surroundings_.now() - start < longest && !surroundings_.stop()) {
      surroundings_.sleep(kPollInterval);
      see(attempt);
    }
  // What came while the others were waited for.
  for (Attempt& attempt : attempts) see(attempt);
}

void Stage::learnSettle(std::vector<Attempt>& controls) {
  if (request_.setup.settle) return;
  const double start = surroundings_.now();
  awaitPassingOn(controls, kLongestSettle);
  const double waited = surroundings_.now() - start;
  // What did not come in the longest time will not come in a longer one: no later session waits for it.
  settle_ =
      waited < kLongestSettle ? std::clamp(kSettleFactor * waited, kShortestSettle, kLongestSettle) : kShortestSettle;
}

}  // namespace relayproof::run
