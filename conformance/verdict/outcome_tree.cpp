#include "conformance/verdict/outcome_tree.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <set>
#include <utility>

namespace relayproof::verdict {
namespace {

struct TreeNode;
using Branches = std::vector<std::pair<std::uint8_t, const TreeNode*>>;  // a value of the option, and what it leads to

struct TreeNode {
  std::optional<Option> option;  // nullopt: a leaf
  std::size_t outcome = 0;       // of a leaf
  Branches branches;
  auto operator<=>(const TreeNode&) const = default;
};

class OutcomeTree {
 public:
  const TreeNode* build(std::span<const Combination> combinations, std::size_t depth) {
    const Combination& first = combinations[0];
    if (first.length == depth) return only({std::nullopt, first.outcome, {}});
    Branches branches;
    while (!combinations.empty()) {
      const std::uint8_t value = combinations[0].trail[depth].value;
      const auto end =
          std::ranges::find_if(combinations, [&](const Combination& c) { return c.trail[depth].value != value; });
      const auto count = static_cast<std::size_t>(end - combinations.begin());
      branches.emplace_back(value, build(combinations.first(count), depth + 1));
      combinations = combinations.subspan(count);
    }
    return only({first.trail[depth].option, {}, std::move(branches)});
  }

  std::vector<Option> optionsThatMatter() const {
    std::set<Option> matter;
    for (const TreeNode& node : nodes_)
      for (const auto& [value, target] : node.branches) {
        if (matter.contains(*node.option)) break;
        Assumed assumed{};
        if (differ(node.branches[0].second, target, assumed)) matter.insert(*node.option);
      }
    return {matter.begin(), matter.end()};
  }

 private:
  using Assumed = std::array<std::optional<std::uint8_t>, kOptionCount>;

  // Subtrees that are alike are one and the same.
  const TreeNode* only(TreeNode node) { return &*nodes_.insert(std::move(node)).first; }

  // Is there a combination within what is assumed that the two subtrees answer differently?
  static bool differ(const TreeNode* a, const TreeNode* b, Assumed& assumed) {
    if (a == b) return false;
    const TreeNode* asking = a->option ? a : b;
    const TreeNode* other = a->option ? b : a;
    if (!asking->option) return true;
    auto& value = assumed[static_cast<std::size_t>(*asking->option)];
    const auto before = value;
    for (const auto& [branchValue, target] : asking->branches) {
      if (before && *before != branchValue) continue;
      value = branchValue;
      const bool found = differ(target, other, assumed);
      value = before;
      if (found) return true;
    }
    return false;
  }

  std::set<TreeNode> nodes_;
};

}  // namespace

std::vector<Option> optionsThatMatter(std::span<const Combination> combinations) {
  OutcomeTree tree;
  tree.build(combinations, 0);
  return tree.optionsThatMatter();
}

}  // namespace relayproof::verdict
