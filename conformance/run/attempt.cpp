#include "conformance/run/attempt.h"

#include <fmt/format.h>

#include <algorithm>

namespace relayproof::run {
namespace {

constexpr double kLongestSettle = 10;     // seconds to wait for the first message to be passed on
constexpr double kShortestSettle = 0.05;  // afterwards, a multiple of what the first one took
constexpr double kSettleFactor = 4;
constexpr double kPollInterval = 0.005;

bool mayAccept(const verdict::Acceptable& acceptable) { return acceptable.wire().contains(verdict::Wire::accept); }
bool mustAccept(const verdict::Acceptable& acceptable) {
  return acceptable.wire() == std::set<verdict::Wire>{verdict::Wire::accept};
}

}  // namespace

result::Answer answerOf(const verdict::Decision& decision) {
  result::Answer answer{std::string(verdict::name(decision.verdict)), decision.tenant, {}};
  for (const verdict::Basis basis : decision.basis) answer.basis.emplace_back(verdict::name(basis));
  return answer;
}

Stage::Stage(const Request& request, const Surroundings& surroundings)
    : request_(request),
      surroundings_(surroundings),
      player_(request.target),
      at_(static_cast<std::int64_t>(surroundings.now())),
      settle_(request.setup.settle.value_or(kShortestSettle)) {
  // Tokens of two runs against one relay must differ, or its log and our sinks mix them up.
  nextToken_ = (static_cast<std::uint64_t>(surroundings.now() * 1000) * 2654435761u + request.seed) & 0xffffffu;
}

const catalogue::Judged& Stage::computed(const catalogue::Case& one) {
  const auto found = computed_.find(one.id);
  if (found != computed_.end()) return found->second;
  return computed_
      .emplace(one.id, catalogue::compute(request_.catalogue, one, request_.mint, request_.tenancy,
                                          bindingsOf(request_.setup), request_.profile, at_))
      .first->second;
}

const certs::Fixture& Stage::fixture(const catalogue::Case& one) {
  const auto found = fixtures_.find(*one.fixture);
  if (found != fixtures_.end()) return found->second;
  return fixtures_
      .emplace(*one.fixture, request_.mint.issue(*one.fixture, Node(one.blueprint, one.file, one.id + ".certificate")))
      .first->second;
}

session::Job Stage::prepare(Attempt& attempt, bool onlyAccepted) {
  const catalogue::Case& one = *attempt.one;
  const catalogue::Bindings bindings = bindingsOf(request_.setup);
  attempt.token = fmt::format("rp-{:06x}", nextToken_++ & 0xffffffu);

  session::Job job;
  const auto named = bindings.addresses.find(one.address);
  job.source = named != bindings.addresses.end() ? named->second : request_.catalogue.addresses.at(one.address);
  attempt.source = job.source;
  if (one.fixture) {
    auto& identity = identities_[*one.fixture];
    if (!identity) {
      const certs::Fixture& minted = fixture(one);
      identity = std::make_shared<session::Identity>(session::Identity{minted.id, minted.chain, minted.key});
    }
    job.identity = identity;
  }
  if (one.tls != "none") job.tlsVersion = one.tls;
  job.steps = catalogue::stepsOf(one, request_.catalogue, bindings, attempt.token);
  job.transactions = catalogue::transactionsOf(one, request_.catalogue, bindings, attempt.token);
  job.noData = request_.setup.noData;
  if (onlyAccepted) {
    const catalogue::Judged& judged = computed(one);
    for (std::size_t t = 0; t < job.transactions.size(); ++t) {
      std::vector<std::string> kept;
      for (std::size_t r = 0; r < job.transactions[t].recipients.size(); ++r)
        if (mustAccept(judged.acceptable[t][r])) kept.push_back(job.transactions[t].recipients[r]);
      job.transactions[t].recipients = kept;
    }
  }
  attempt.transactions = job.transactions;
  return job;
}

std::vector<Attempt> Stage::play(const std::vector<const catalogue::Case*>& cases, std::size_t concurrency,
                                 bool onlyAccepted) {
  std::vector<Attempt> attempts(cases.size());
  std::vector<session::Job> jobs;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    attempts[i].one = cases[i];
    jobs.push_back(prepare(attempts[i], onlyAccepted));
  }
  std::vector<bool> finished(cases.size());
  player_.run(
      jobs, concurrency,
      [&](std::size_t index, session::Record record) {
        attempts[index].record = std::move(record);
        finished[index] = true;
      },
      surroundings_.stop);
  std::vector<Attempt> played;
  for (std::size_t i = 0; i < attempts.size(); ++i)
    if (finished[i]) played.push_back(std::move(attempts[i]));
  if (!onlyAccepted) awaitPassingOn(played, settle_);
  for (Attempt& attempt : played) see(attempt);
  return played;
}

void Stage::see(Attempt& attempt) const {
  result::PassedOn passedOn;
  if (surroundings_.nextHop) {
    passedOn.nextHopWatched = true;
    passedOn.nextHop = surroundings_.nextHop->find(attempt.token);
  }
  if (surroundings_.localHop) {
    passedOn.localHopWatched = true;
    passedOn.localHop = surroundings_.localHop->find(attempt.token);
  }
  attempt.messages = passedOn.nextHop.size() + passedOn.localHop.size();
  const auto minted = attempt.one->fixture ? fixtures_.find(*attempt.one->fixture) : fixtures_.end();
  attempt.seen = result::observe(attempt.record, attempt.one->fixture,
                                 minted != fixtures_.end() ? minted->second.chain : std::vector<std::string>{},
                                 passedOn, request_.setup.tenantHeader);
}

bool Stage::lookAgain(Attempt& attempt) const {
  const std::size_t before = attempt.messages;
  see(attempt);
  return attempt.messages != before;
}

void Stage::awaitPassingOn(std::vector<Attempt>& attempts, double longest) const {
  if (!surroundings_.nextHop && !surroundings_.localHop) return;
  const auto missing = [&] {
    for (Attempt& attempt : attempts) {
      see(attempt);
      for (const result::Transaction& transaction : attempt.seen.transactions)
        for (const result::Recipient& recipient : transaction.recipients)
          if (recipient.observed.verdict == "accept" && recipient.observed.passedOn == "none") return true;
    }
    return false;
  };
  for (const double start = surroundings_.now();
       missing() && surroundings_.now() - start < longest && !surroundings_.stop();)
    surroundings_.sleep(kPollInterval);
}

void Stage::learnSettle(std::vector<Attempt>& controls) {
  if (request_.setup.settle) return;
  const double start = surroundings_.now();
  awaitPassingOn(controls, kLongestSettle);
  for (Attempt& attempt : controls) see(attempt);
  settle_ = std::clamp(kSettleFactor * (surroundings_.now() - start), kShortestSettle, kLongestSettle);
}

bool Stage::accepted(const Attempt& attempt) {
  const catalogue::Judged& judged = computed(*attempt.one);
  bool any = false;
  for (std::size_t t = 0; t < attempt.seen.transactions.size() && t < judged.acceptable.size(); ++t) {
    const auto& recipients = attempt.seen.transactions[t].recipients;
    for (std::size_t r = 0; r < recipients.size() && r < judged.acceptable[t].size(); ++r) {
      if (!mayAccept(judged.acceptable[t][r])) continue;
      if (recipients[r].observed.verdict != "accept") return false;
      any = true;
    }
  }
  return any;
}

}  // namespace relayproof::run
