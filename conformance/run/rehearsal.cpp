#include "conformance/run/rehearsal.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <string>

namespace relayproof::run {
namespace {

/// Cases that present one and the same fixture, or one without any.
using Group = std::vector<const catalogue::Case*>;

std::vector<Group> byFixture(const std::vector<const catalogue::Case*>& cases) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  for (const catalogue::Case* one : cases) {
    const auto at =
        one->fixture ? known.emplace(*one->fixture + one->proof, groups.size()).first->second : groups.size();
    if (at == groups.size()) groups.emplace_back();
    groups[at].push_back(one);
  }
  return groups;
}

bool leavesOpen(const catalogue::Judged& judged) {
  return std::any_of(judged.acceptable.begin(), judged.acceptable.end(), [](const auto& transaction) {
    return std::any_of(transaction.begin(), transaction.end(),
                       [](const verdict::Acceptable& recipient) { return recipient.answers.size() > 1; });
  });
}

// They are for whoever explains a case; of thousands they take megabytes.
void leaveOutDerivations(std::vector<std::vector<verdict::Acceptable>>& acceptable) {
  for (auto& transaction : acceptable)
    for (verdict::Acceptable& recipient : transaction) std::string().swap(recipient.derivation);
}

void rehearseGroup(const Request& request, const catalogue::Bindings& bindings, const Group& group, std::int64_t at,
                   certs::ChainVerifier& verifier, Rehearsal& into) {
  const auto fixture = catalogue::fixtureOf(*group.front(), request.mint, at);
  const std::shared_ptr<const session::Identity> identity = identityOf(fixture, *group.front());
  for (const catalogue::Case* one : group) {
    const catalogue::Peers peers =
        catalogue::peersOf(*one, fixture, request.catalogue, request.mint, verifier, bindings, at);
    Rehearsed rehearsed{
        identity, catalogue::compute(request.catalogue, *one, peers, request.tenancy, bindings, request.profile), {}};
    // A relay may resume by ticket and not by session id: two handshakes are no evidence of one option, nor two peers.
    if (leavesOpen(rehearsed.judged) && !one->earlier && !one->beside)
      rehearsed.ways =
          catalogue::waysFor(request.catalogue, *one, peers.own, request.tenancy, bindings, request.profile);
    for (auto* acceptable :
         {&rehearsed.judged.acceptable, &rehearsed.judged.acceptableResumed, &rehearsed.judged.acceptableAnew})
      leaveOutDerivations(*acceptable);
    into.emplace(one, std::move(rehearsed));
  }
}

}  // namespace

std::vector<result::Answer> answersOf(const verdict::Acceptable& acceptable) {
  std::vector<result::Answer> answers;
  for (const verdict::Decision& decision : acceptable.answers) {
    result::Answer& answer = answers.emplace_back();
    answer.verdict = verdict::name(decision.verdict);
    answer.tenant = decision.tenant;
    for (const verdict::Basis basis : decision.basis) answer.basis.emplace_back(verdict::name(basis));
  }
  return answers;
}

std::shared_ptr<const session::Identity> identityOf(const std::optional<certs::Fixture>& fixture,
                                                    const catalogue::Case& one) {
  using Proof = session::Identity::Proof;
  if (!fixture) return nullptr;
  const Proof proof = one.proof.empty() ? Proof::right : one.proof == "empty" ? Proof::empty : Proof::otherTranscript;
  return std::make_shared<session::Identity>(session::Identity{fixture->id, fixture->chain, fixture->key, proof});
}

Rehearsal rehearse(const Request& request, const catalogue::Bindings& bindings,
                   const std::vector<const catalogue::Case*>& cases, std::int64_t at) {
  const std::vector<Group> groups = byFixture(cases);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    certs::ChainVerifier verifier(request.mint.trustAnchors());
    Rehearsal mine;
    for (std::size_t group = next++; group < groups.size(); group = next++)
      rehearseGroup(request, bindings, groups[group], at, verifier, mine);
    return mine;
  };
  auto other = std::async(std::launch::async, work);
  Rehearsal all = work();
  all.merge(other.get());
  return all;
}

}  // namespace relayproof::run
