#include "certs/cross.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "certs/glob.h"
#include "certs/template.h"

namespace relayproof::certs {
namespace {

struct Value {
  std::string name;
  std::string why;
  std::vector<std::string> sources;
  std::vector<std::pair<std::string, Node>> set;
};

struct Axis {
  std::string name;
  std::vector<Value> values;
};

// Of each axis, in order, which values; by number.
using Selection = std::vector<std::vector<std::size_t>>;
using Combination = std::vector<std::size_t>;

std::vector<Axis> readAxes(const Node& node) {
  std::vector<Axis> axes;
  for (const auto& [name, values] : node.members()) {
    Axis axis{name, {}};
    for (const auto& [value, about] : values.members()) {
      about.allowOnly({"why", "sources", "set"});
      const auto set = about.find("set");
      axis.values.push_back({value, about.at("why").string(), about.stringsOr("sources", {}),
                             set ? set->members() : std::vector<std::pair<std::string, Node>>{}});
    }
    if (axis.values.empty()) values.fail("has no values", "add one, or take the axis out");
    axes.push_back(std::move(axis));
  }
  return axes;
}

std::vector<std::size_t> matching(const Axis& axis, const Node& globs) {
  std::set<std::size_t> found;
  for (const Node& glob : globs.array()) {
    const std::size_t before = found.size();
    for (std::size_t i = 0; i < axis.values.size(); ++i)
      if (globMatches(glob.string(), axis.values[i].name)) found.insert(i);
    if (found.size() == before)
      glob.fail(fmt::format("\"{}\" adds no value of the axis {}", glob.string(), axis.name), "mend it or take it out");
  }
  return {found.begin(), found.end()};
}

Selection readSelection(const Node& node, const std::vector<Axis>& axes, bool exception) {
  for (const auto& [key, value] : node.members()) {
    const bool known = (exception && key == "because") ||
                       std::any_of(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.name == key; });
    if (!known) value.fail("is no axis of this cross", "name one that stands under axes");
  }
  Selection selection;
  for (const Axis& axis : axes) {
    if (node.has(axis.name)) {
      selection.push_back(matching(axis, node.at(axis.name)));
      continue;
    }
    selection.emplace_back();
    for (std::size_t i = 0; i < axis.values.size(); ++i) selection.back().push_back(i);
  }
  return selection;
}

bool holds(const Selection& selection, const Combination& combination) {
  for (std::size_t i = 0; i < selection.size(); ++i)
    if (std::find(selection[i].begin(), selection[i].end(), combination[i]) == selection[i].end()) return false;
  return true;
}

void addCombinations(const Selection& selection, Combination& open, std::set<Combination>& all) {
  if (open.size() == selection.size()) {
    all.insert(open);
    return;
  }
  for (const std::size_t value : selection[open.size()]) {
    open.push_back(value);
    addCombinations(selection, open, all);
    open.pop_back();
  }
}

std::set<Combination> combinations(const Node& cross, const std::vector<Axis>& axes) {
  std::vector<Selection> taken;
  if (const auto takes = cross.find("take"))
    for (const Node& take : takes->array()) taken.push_back(readSelection(take, axes, false));
  else
    taken.push_back(readSelection(Node(Json::object(), {}, {}), axes, false));

  std::set<Combination> all;
  for (const Selection& selection : taken) {
    Combination open;
    addCombinations(selection, open, all);
  }
  if (const auto exceptions = cross.find("except"))
    for (const Node& each : exceptions->array()) {
      each.at("because").string();
      const Selection selection = readSelection(each, axes, true);
      if (std::erase_if(all, [&](const Combination& one) { return holds(selection, one); }) == 0)
        each.fail("excepts nothing that is taken", "mend it or take it out");
    }
  return all;
}

SetEntry entryOf(const Node& cross, const std::vector<Axis>& axes, const Combination& combination) {
  SetEntry entry;
  entry.id = cross.stringOr("id", "");
  entry.sources = cross.stringsOr("sources", {});
  Json phrases = Json::object();
  Meanings meanings;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const Value& value = axes[i].values[combination[i]];
    entry.id += (entry.id.empty() ? "" : ".") + value.name;
    phrases[axes[i].name] = value.why;
    for (const std::string& source : value.sources)
      if (std::find(entry.sources.begin(), entry.sources.end(), source) == entry.sources.end())
        entry.sources.push_back(source);
    for (const auto& [name, meaning] : value.set)
      if (!meanings.emplace(name, meaning).second)
        meaning.fail("is set by another axis too", "let each name be set by one axis");
  }
  Meanings said;
  for (const auto& [name, phrase] : phrases.items()) said.emplace(name, Node(phrase, cross.place(), entry.id));
  entry.why = expandTemplate(cross.at("why"), said).get<std::string>();
  entry.blueprint = expandTemplate(cross.at("certificate"), meanings);
  entry.place = cross.place();
  entry.key = entry.id;
  return entry;
}

}  // namespace

void expandCross(const Node& cross, std::vector<SetEntry>& into) {
  cross.allowOnly({"id", "axes", "take", "except", "why", "sources", "certificate"});
  const std::vector<Axis> axes = readAxes(cross.at("axes"));
  for (const Combination& combination : combinations(cross, axes)) into.push_back(entryOf(cross, axes, combination));
}

}  // namespace relayproof::certs
