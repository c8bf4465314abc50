#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/filter.h"
#include "conformance/catalogue/needs.h"

namespace relayproof::catalogue {
namespace {

constexpr std::array<std::string_view, 3> kTiers = {"must", "should", "profile"};

bool anyFilterMatches(const std::vector<std::string>& filters, const Case& one) {
  return std::any_of(filters.begin(), filters.end(),
                     [&](const std::string& filter) { return filterMatches(filter, one); });
}

Error unknownWord(std::string key, const std::string& word, const std::vector<std::string_view>& known) {
  const auto near = nearest(word, known);
  return Error{
      {},
      std::move(key),
      fmt::format("unknown value \"{}\"", word),
      near ? fmt::format("did you mean \"{}\"?", *near) : fmt::format("known here: {}", fmt::join(known, ", "))};
}

// Every profile asks for the same of each recipient: acceptance, or a refusal in whichever form.
bool sameUnderEveryProfile(const Case& one) {
  const auto& first = one.expect.begin()->second;
  for (const auto& [profile, transactions] : one.expect)
    for (std::size_t t = 0; t < transactions.size(); ++t)
      for (std::size_t r = 0; r < transactions[t].size(); ++r)
        if (const auto seen = wire(transactions[t][r]);
            seen != wire(first[t][r]) || (seen.contains(verdict::Wire::accept) && seen.size() != 1))
          return false;
  return true;
}

}  // namespace

std::string tierOf(const Catalogue& catalogue, const Case& one) {
  const auto source = catalogue.sources.find(one.sources.front());
  if (source != catalogue.sources.end() && source->second.should) return "should";
  if (!sameUnderEveryProfile(one)) return "profile";
  for (const auto& [profile, id] : one.twin)
    if (!sameUnderEveryProfile(*catalogue.find(id))) return "profile";
  return "must";
}

Expected<std::vector<const Case*>> select(const Catalogue& catalogue, const Selection& selection) {
  for (const std::string& tier : selection.tiers)
    if (std::find(kTiers.begin(), kTiers.end(), tier) == kTiers.end())
      return unknownWord("tier", tier, {kTiers.begin(), kTiers.end()});
  std::vector<const Capability*> without;
  for (const std::string& name : selection.without) {
    const auto found = std::find_if(capabilities().begin(), capabilities().end(),
                                    [&](const Capability& capability) { return capability.name == name; });
    if (found == capabilities().end()) {
      std::vector<std::string_view> known;
      for (const Capability& capability : capabilities()) known.push_back(capability.name);
      return unknownWord("without", name, known);
    }
    without.push_back(found);
  }

  const auto declaredAway = [&](const Case& one) {
    const Case* twin = catalogue.twinOf(one, selection.profile);
    return std::any_of(without.begin(), without.end(), [&](const Capability* capability) {
      return needs(catalogue, one, *capability) || (twin && needs(catalogue, *twin, *capability));
    });
  };
  std::vector<const Case*> selected;
  for (const Case& one : catalogue.cases) {
    if (one.control) continue;
    if (!selection.filters.empty() && !anyFilterMatches(selection.filters, one)) continue;
    if (anyFilterMatches(selection.excludes, one)) continue;
    if (!selection.tiers.empty() &&
        std::find(selection.tiers.begin(), selection.tiers.end(), tierOf(catalogue, one)) == selection.tiers.end())
      continue;
    if (declaredAway(one)) continue;
    selected.push_back(&one);
  }
  return selected;
}

}  // namespace relayproof::catalogue
