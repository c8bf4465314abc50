#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "conformance/verdict/decide.h"
#include "conformance/verdict/outcome_tree.h"
#include "conformance/verdict/reasoning.h"

namespace relayproof::verdict {
namespace {

// What the combinations of a profile come to, as they are visited.
struct Answers {
  std::vector<Decision> decisions;   // one a verdict and tenant
  std::vector<std::string> how;      // the derivation of the first combination of each
  std::vector<std::size_t> firstOf;  // its place in `combinations`
  std::vector<Combination> combinations;

  void add(const Reasoning& reasoning, const Choices& choices) {
    const Decision& decision = reasoning.decision;
    const auto known = std::find_if(decisions.begin(), decisions.end(), [&](const Decision& d) {
      return d.verdict == decision.verdict && d.tenant == decision.tenant;
    });
    const auto outcome = static_cast<std::size_t>(known - decisions.begin());
    if (known != decisions.end()) {
      known->basis.insert(decision.basis.begin(), decision.basis.end());
    } else {
      decisions.push_back(decision);
      how.push_back(derivation(reasoning));
      firstOf.push_back(combinations.size());
    }
    Combination& combination = combinations.emplace_back();
    const auto asked = choices.asked();
    std::copy(asked.begin(), asked.end(), combination.trail.begin());
    combination.length = asked.size();
    combination.outcome = outcome;
  }
};

// The values, among those that matter, of one combination.
std::string condition(const Combination& combination, const std::vector<Option>& hangsOn) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < combination.length; ++i) {
    const auto [option, value] = combination.trail[i];
    if (std::find(hangsOn.begin(), hangsOn.end(), option) == hangsOn.end()) continue;
    const OptionInfo& info = optionTable()[static_cast<std::size_t>(option)];
    parts.push_back(fmt::format("{}={}", info.name, info.values[value]));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

Acceptable acceptable(const Tenancy& tenancy, const Profile& profile, const Peer& peer, const Envelope& envelope) {
  const Domains domains = domainsOf(envelope);
  Answers found;
  Choices choices(profile);
  do {
    found.add(reason(tenancy, peer, domains, choices), choices);
  } while (choices.next());

  Acceptable result;
  if (found.decisions.size() > 1) result.hangsOn = optionsThatMatter(found.combinations);
  std::vector<std::size_t> order(found.decisions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(found.decisions[a].verdict, found.decisions[a].tenant) <
           std::tie(found.decisions[b].verdict, found.decisions[b].tenant);
  });
  for (const std::size_t i : order) {
    if (!result.derivation.empty()) result.derivation += '\n';
    if (order.size() > 1) result.derivation += condition(found.combinations[found.firstOf[i]], result.hangsOn) + ": ";
    result.derivation += found.how[i];
    result.answers.push_back(std::move(found.decisions[i]));
  }
  return result;
}

std::set<Wire> Acceptable::wire() const {
  std::set<Wire> seen;
  for (const Decision& answer : answers) seen.insert(onTheWire(answer.verdict));
  return seen;
}

}  // namespace relayproof::verdict
