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
  const auto add = [&batch](const catalogue::Case* one) {
    if (std::find(batch.cases.begin(), batch.cases.end(), one) == batch.cases.end()) batch.cases.push_back(one);
  };
  for (const std::string& head : order) {
    for (const catalogue::Case* one : groups[head]) {
      if (batch.cases.size() >= size) {
        result.batches.push_back(std::move(batch));
        batch = {};
      }
      if (const catalogue::Case* twin = catalogue.find(head)) add(twin);
      add(one);
    }
  }
  if (!batch.cases.empty()) result.batches.push_back(std::move(batch));
  return result;
}

}  // namespace relayproof::run
