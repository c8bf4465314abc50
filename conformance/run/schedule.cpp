#include "conformance/run/schedule.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace relayproof::run {
namespace {

/// FNV-1a: the same on every machine.
std::uint64_t hashOf(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

/// std::shuffle differs from library to library.
void mix(std::vector<std::string>& order, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
}

AfterReload afterReloadOf(const catalogue::Catalogue& catalogue, const std::vector<const catalogue::Case*>& selected,
                          const std::string& profile) {
  AfterReload after;
  for (const catalogue::Case* one : selected) {
    if (!one->afterReload) continue;
    after.cases.push_back(one);
    const catalogue::Case* twin = catalogue.twinOf(*one, profile);
    if (twin && !twin->afterReload && std::find(after.twins.begin(), after.twins.end(), twin) == after.twins.end())
      after.twins.push_back(twin);
  }
  if (after.cases.empty()) return after;
  for (const catalogue::Case& one : catalogue.cases)
    if (one.afterReload && one.hasTag(catalogue::kShowsReload)) after.shows.push_back(&one);
  return after;
}

}  // namespace

bool waits(const catalogue::Case& one) {
  if (one.hasTag(kSlow) || (one.earlier && one.earlier->lifetime)) return true;
  return std::any_of(one.steps.begin(), one.steps.end(),
                     [](const Json& step) { return step.contains("no-reply") || step.contains("pause"); });
}

std::size_t Schedule::sessions() const {
  std::size_t count = controls.size();
  for (const Batch& batch : batches) count += batch.cases.size() + controls.size();
  if (!afterReload.cases.empty())
    count += afterReload.twins.size() + afterReload.shows.size() + afterReload.cases.size() + controls.size();
  return count;
}

std::vector<const catalogue::Case*> Schedule::all() const {
  std::vector<const catalogue::Case*> cases;
  std::set<const catalogue::Case*> seen;
  const auto add = [&](const std::vector<const catalogue::Case*>& more) {
    for (const catalogue::Case* one : more)
      if (seen.insert(one).second) cases.push_back(one);
  };
  add(controls);
  for (const Batch& batch : batches) add(batch.cases);
  add(afterReload.twins);
  add(afterReload.shows);
  add(afterReload.cases);
  return cases;
}

std::vector<const catalogue::Case*> shardOf(const catalogue::Catalogue& catalogue,
                                            const std::vector<const catalogue::Case*>& selected,
                                            const std::string& profile, std::size_t index, std::size_t count) {
  std::vector<const catalogue::Case*> mine;
  for (const catalogue::Case* one : selected) {
    std::set<const catalogue::Case*> seen;
    const catalogue::Case* head = one;
    for (const catalogue::Case* next = one; next && seen.insert(next).second; next = catalogue.twinOf(*next, profile))
      head = next;
    if (hashOf(head->id) % count == index) mine.push_back(one);
  }
  return mine;
}

Schedule schedule(const catalogue::Catalogue& catalogue, const std::vector<const catalogue::Case*>& selected,
                  const std::vector<const catalogue::Case*>& controls, const std::string& profile, std::size_t size,
                  std::optional<std::uint64_t> shuffle) {
  Schedule result{controls, {}, afterReloadOf(catalogue, selected, profile)};

  // Cases grouped by twin, the groups in the order of their first case; a twin is the head of its own group.
  std::vector<std::string> order;
  std::map<std::string, std::vector<const catalogue::Case*>> groups;
  for (const catalogue::Case* one : selected) {
    if (one->afterReload) continue;
    const catalogue::Case* twin = catalogue.twinOf(*one, profile);
    const std::string& head = twin ? twin->id : one->id;
    if (!groups.contains(head)) order.push_back(head);
    groups[head].push_back(one);
  }

  if (shuffle) mix(order, *shuffle);

  std::vector<std::string> waiting;
  std::erase_if(order, [&](const std::string& head) {
    const bool any = std::any_of(groups[head].begin(), groups[head].end(), [](const auto* one) { return waits(*one); });
    if (any) waiting.push_back(head);
    return any;
  });
  order.insert(order.end(), waiting.begin(), waiting.end());

  Batch batch;
  const auto contains = [](const auto& cases, const catalogue::Case* one) {
    return std::find(cases.begin(), cases.end(), one) != cases.end();
  };
  // A twin may need one itself.
  const auto addWithTwins = [&](const catalogue::Case* one) {
    std::vector<const catalogue::Case*> chain;
    for (; one && !contains(chain, one); one = catalogue.twinOf(*one, profile)) chain.insert(chain.begin(), one);
    for (const catalogue::Case* each : chain)
      if (!contains(batch.cases, each)) batch.cases.push_back(each);
  };
  for (const std::string& head : order) {
    for (const catalogue::Case* one : groups[head]) {
      if (batch.cases.size() >= size) {
        result.batches.push_back(std::move(batch));
        batch = {};
      }
      addWithTwins(one);
    }
  }
  if (!batch.cases.empty()) result.batches.push_back(std::move(batch));
  return result;
}

}  // namespace relayproof::run
