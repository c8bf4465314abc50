#include "conformance/catalogue/recast.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "conformance/catalogue/compute.h"
#include "conformance/catalogue/family.h"

namespace relayproof::catalogue {
namespace {

std::set<std::string> verdicts(const verdict::Acceptable& acceptable) {
  std::set<std::string> words;
  for (const verdict::Decision& answer : acceptable.answers) words.emplace(verdict::name(answer.verdict));
  return words;
}

// What changes for a case, said of the first recipient of whom it does; empty when all stays the same.
std::string change(const Case& one, const AcceptableAnswers& before, const AcceptableAnswers& after,
                   const std::string& where) {
  for (std::size_t t = 0; t < before.size(); ++t)
    for (std::size_t r = 0; r < before[t].size(); ++r)
      if (const auto was = verdicts(before[t][r]), is = verdicts(after[t][r]); was != is)
        return fmt::format("{} {} has {} and no longer {}", where, one.transactions[t].recipients[r],
                           fmt::join(is, " or "), fmt::join(was, " or "));
  return {};
}

// A denial whose twin is gone proves nothing, and neither does one whose twin's twin is.
void dropWithoutTwin(std::vector<Case>& cases, std::vector<Dropped>& dropped) {
  const auto lost = [&](const Case& one) -> const Dropped* {
    for (const auto& [profile, twin] : one.twin)
      for (const Dropped& gone : dropped)
        if (gone.id == twin) return &gone;
    return nullptr;
  };
  for (auto one = cases.begin(); one != cases.end();) {
    if (const Dropped* twin = lost(*one)) {
      dropped.push_back({one->id, fmt::format("its twin {} is dropped", twin->id)});
      cases.erase(one);
      one = cases.begin();
    } else {
      ++one;
    }
  }
}

verdict::Tenancy tenancyIn(const World& world) {
  const Json filledIn = withAddresses(world.catalogue.tenancy, boundAddresses(world.catalogue, world.bindings));
  return verdict::readTenancy(Node(filledIn, "plan", {}));
}

}  // namespace

Recast recast(const World& before, const World& after, const std::vector<const Case*>& cases, const Rewrite& rewrite,
              const verdict::Profile& profile, std::int64_t at, const std::string& where) {
  Recast result{after.catalogue, {}};
  result.catalogue.cases.clear();
  const verdict::Tenancy tenancyBefore = tenancyIn(before), tenancyAfter = tenancyIn(after);
  certs::ChainVerifier verifierBefore(before.mint.trustAnchors()), verifierAfter(after.mint.trustAnchors());
  for (const Case* original : withTwins(before.catalogue, cases)) {
    Case copy = *original;
    if (const auto why = rewrite(copy)) {
      result.dropped.push_back({original->id, *why});
      continue;
    }
    const auto peers = [&](const Case& one, const World& world, certs::ChainVerifier& verifier) {
      return peersOf(one, fixtureOf(one, world.mint, at), world.catalogue, world.mint, verifier, world.bindings, at);
    };
    const Peers was = peers(*original, before, verifierBefore);
    const bool samePeers = &before.mint == &after.mint && copy.blueprint == original->blueprint;
    const Peers is = samePeers ? was : peers(copy, after, verifierAfter);
    const std::string changed =
        change(*original, acceptableFor(before.catalogue, *original, was, tenancyBefore, before.bindings, profile),
               acceptableFor(after.catalogue, copy, is, tenancyAfter, after.bindings, profile), where);
    if (changed.empty())
      result.catalogue.cases.push_back(std::move(copy));
    else
      result.dropped.push_back({original->id, changed});
  }
  dropWithoutTwin(result.catalogue.cases, result.dropped);
  return result;
}

}  // namespace relayproof::catalogue
