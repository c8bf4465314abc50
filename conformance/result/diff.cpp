#include "conformance/result/diff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "conformance/result/expectations.h"

namespace relayproof::result {
namespace {

bool failed(const CaseResult& result) { return result.outcome == Outcome::fail || result.outcome == Outcome::xfail; }

std::string shown(const CaseResult& result) {
  const std::string answer = observedAnswer(result);
  return fmt::format("{}{}{}{}", name(result.outcome), result.failure == Class::none ? "" : " ", name(result.failure),
                     answer.empty() ? "" : ": " + answer);
}

ChangeKind kindOf(const CaseResult* before, const CaseResult& after) {
  const bool knownHole = before && failed(*before) && before->failure == Class::hole;
  if (after.outcome == Outcome::fail && after.failure == Class::hole && !knownHole) return ChangeKind::newHole;
  if (after.outcome == Outcome::fail && !(before && failed(*before))) return ChangeKind::newFail;
  if (!before) return ChangeKind::added;
  if (failed(*before) && (after.outcome == Outcome::pass || after.outcome == Outcome::xpass)) return ChangeKind::mended;
  return ChangeKind::changed;
}

std::map<std::string, std::string> chosen(const Report& report) {
  std::map<std::string, std::string> values;
  if (report.fingerprint.contains("options"))
    for (const auto& [option, told] : report.fingerprint["options"].items())
      values["fingerprint." + option] =
          fmt::format("{}", fmt::join(told["values"].get<std::vector<std::string>>(), ", "));
  return values;
}

}  // namespace

std::string_view name(ChangeKind kind) {
  constexpr std::array<std::string_view, 6> names = {"new-hole", "new-fail", "changed", "gone", "added", "mended"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<Change> diff(const Report& before, const Report& after) {
  std::map<std::string, const CaseResult*> old;
  for (const CaseResult& result : before.results) old[result.id] = &result;
  std::set<std::string> seen;
  std::vector<Change> changes;
  for (const CaseResult& result : after.results) {
    seen.insert(result.id);
    const auto found = old.find(result.id);
    const CaseResult* was = found == old.end() ? nullptr : found->second;
    if (was && shown(*was) == shown(result)) continue;
    changes.push_back({kindOf(was, result), result.id, was ? shown(*was) : "", shown(result)});
  }
  for (const CaseResult& result : before.results)
    if (!seen.contains(result.id)) changes.push_back({ChangeKind::gone, result.id, shown(result), ""});
  const auto then = chosen(before), now = chosen(after);
  for (const auto& [option, values] : now)
    if (const auto was = then.find(option); was != then.end() && was->second != values)
      changes.push_back({ChangeKind::changed, option, was->second, values});
  std::multimap<ChangeKind, Change> byKind;
  for (Change& change : changes) byKind.emplace(change.kind, std::move(change));
  changes.clear();
  for (auto& [kind, change] : byKind) changes.push_back(std::move(change));
  return changes;
}

}  // namespace relayproof::result
