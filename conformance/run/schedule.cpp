#include "conformance/run/schedule.h"

#include <algorithm>
#include <map>
#include <set>

namespace relayproof::run {

bool waits(const catalogue::Case& one) {
  return std::any_of(one.steps.begin(), one.steps.end(),
                     [](const Json& step) { return step.contains("no-reply") || step.contains("pause"); });
}

std::size_t Schedule::sessions() const {
  std::size_t count = controls.size();
  for (const Batch& batch : batches) count += batch.cases.size() + controls.size();
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
  return cases;
}

Schedule schedule(const catalogue::Catalogue& catalogue, const std::vector<const catalogue::Case*>& selected,
                  const std::vector<const catalogue::Case*>& controls, const std::string& profile, std::size_t size) {
  Schedule result{controls, {}};

  // Cases grouped by twin, the groups in the order of their first case; a twin is the head of its own group.
  std::vector<std::string> order;
  std::map<std::string, std::vector<const catalogue::Case*>> groups;
  for (const catalogue::Case* one : selected) {
    const catalogue::Case* twin = catalogue.twinOf(*one, profile);
    const std::string& head = twin ? twin->id : one->id;
    if (!groups.contains(head)) order.push_back(head);
    groups[head].push_back(one);
  }

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
