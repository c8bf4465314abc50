#include "conformance/verdict/outcome_tree.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace relayproof::verdict {
namespace {

using NodeId = std::size_t;
using Branches = std::vector<std::pair<std::uint8_t, NodeId>>;  // a value of the option, and what it leads to

struct TreeNode {
  std::optional<Option> option;  // nullopt: a leaf
  std::size_t outcome = 0;
  Branches branches;
};

class OutcomeTree {
 public:
  NodeId build(std::span<const Combination> combinations, std::size_t depth) {
    const Combination& first = combinations.front();
    if (first.length == depth) return leaf(first.outcome);
    Branches branches;
    while (!combinations.empty()) {
      const std::uint8_t value = combinations.front().trail[depth].value;
      const auto end = std::find_if(combinations.begin(), combinations.end(),
                                    [&](const Combination& c) { return c.trail[depth].value != value; });
      const auto count = static_cast<std::size_t>(end - combinations.begin());
      branches.emplace_back(value, build(combinations.first(count), depth + 1));
      combinations = combinations.subspan(count);
    }
    return question(first.trail[depth].option, std::move(branches));
  }

  std::vector<Option> optionsThatMatter() {
    std::array<bool, kOptionCount> matters{};
    for (const TreeNode& node : nodes_) {
      if (!node.option) continue;
      bool& found = matters[static_cast<std::size_t>(*node.option)];
      for (std::size_t i = 1; i < node.branches.size() && !found; ++i) {
        Assumed assumed{};
        found = differ(node.branches[0].second, node.branches[i].second, assumed);
      }
    }
    std::vector<Option> options;
    for (std::size_t i = 0; i < kOptionCount; ++i)
      if (matters[i]) options.push_back(static_cast<Option>(i));
    return options;
  }

 private:
  using Assumed = std::array<std::optional<std::uint8_t>, kOptionCount>;

  NodeId leaf(std::size_t outcome) {
    const auto [found, isNew] = leaves_.emplace(outcome, nodes_.size());
    if (isNew) nodes_.push_back({std::nullopt, outcome, {}});
    return found->second;
  }

  NodeId question(Option option, Branches branches) {
    if (std::all_of(branches.begin(), branches.end(),
                    [&](const auto& branch) { return branch.second == branches.front().second; }))
      return branches.front().second;
    const auto [found, isNew] = questions_.emplace(std::pair(option, branches), nodes_.size());
    if (isNew) nodes_.push_back({option, 0, std::move(branches)});
    return found->second;
  }

  // Is there a combination within what is assumed that the two subtrees answer differently?
  bool differ(NodeId a, NodeId b, Assumed& assumed) const {
    if (a == b) return false;
    const NodeId asking = nodes_[a].option ? a : b;
    const NodeId other = asking == a ? b : a;
    const TreeNode& node = nodes_[asking];
    if (!node.option) return true;
    auto& value = assumed[static_cast<std::size_t>(*node.option)];
    const bool isFree = !value;
    for (const auto& [branchValue, target] : node.branches) {
      if (!isFree && *value != branchValue) continue;
      if (isFree) value = branchValue;
      const bool found = differ(target, other, assumed);
      if (isFree) value.reset();
      if (found) return true;
    }
    return false;
  }

  std::vector<TreeNode> nodes_;
  std::map<std::size_t, NodeId> leaves_;
  std::map<std::pair<Option, Branches>, NodeId> questions_;
};

}  // namespace

std::vector<Option> optionsThatMatter(std::span<const Combination> combinations) {
  OutcomeTree tree;
  tree.build(combinations, 0);
  return tree.optionsThatMatter();
}

}  // namespace relayproof::verdict
