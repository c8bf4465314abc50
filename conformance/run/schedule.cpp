#include "conformance/run/schedule.h"

#include <algorithm>
#include <map>

namespace relayproof::run {

std::size_t Schedule::sessions() const {
  std::size_t count = controls.size();
  for (const Batch& batch : batches) count += batch.cases.size() + controls.size();
  return count;
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
