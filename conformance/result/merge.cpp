#include "conformance/result/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "conformance/result/fingerprint.h"

namespace relayproof::result {
namespace {

using Files = std::vector<std::pair<std::string, Report>>;

/// Gravest first.
std::size_t rank(const CaseResult& result) {
  constexpr std::array kOrder = {Outcome::fail,         Outcome::error, Outcome::xpass,    Outcome::xfail,
                                 Outcome::inconclusive, Outcome::skip,  Outcome::observed, Outcome::pass};
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), result.outcome) - kOrder.begin());
}

std::optional<Error> differ(const Files& files) {
  struct Field {
    std::string_view key;
    std::string (*of)(const Report&);
  };
  constexpr std::array<Field, 5> kSame = {{
      {"version", [](const Report& report) { return report.version; }},
      {"catalogue", [](const Report& report) { return report.catalogue; }},
      {"plan", [](const Report& report) { return report.plan; }},
      {"profile", [](const Report& report) { return report.profile; }},
      {"seed", [](const Report& report) { return std::to_string(report.seed); }},
  }};
  const auto& [firstFile, first] = files.front();
  for (const auto& [file, report] : files)
    for (const Field& field : kSame)
      if (field.of(report) != field.of(first))
        return Error(file, std::string(field.key),
                     fmt::format("is {}, and {} in {}", field.of(report), field.of(first), firstFile),
                     "merge the shards of one run");
  return std::nullopt;
}

std::optional<Error> incomplete(const Files& files) {
  std::map<std::string, std::string> fileOf;
  for (const auto& [file, report] : files)
    if (const auto [known, isNew] = fileOf.emplace(report.shard, file); !isNew)
      return Error(file, "shard",
                   report.shard.empty() ? fmt::format("is no shard, and {} is none either", known->second)
                                        : fmt::format("{} stands in {} too", report.shard, known->second),
                   "give each shard of a run once");
  const std::string& any = files.front().second.shard;
  if (any.empty()) return std::nullopt;
  const std::string total = any.substr(any.find('/') + 1);
  std::size_t count = 0;
  std::from_chars(total.data(), total.data() + total.size(), count);
  for (std::size_t i = 1; i <= count; ++i)
    if (const std::string shard = fmt::format("{}/{}", i, total); !fileOf.contains(shard))
      return Error("", "shard", fmt::format("{} is missing", shard), "give the reports of all shards");
  if (fileOf.size() > count) return Error("", "shard", "these are of different runs", "merge the shards of one run");
  return std::nullopt;
}

int controlsIn(const Report& report) {
  return static_cast<int>(std::count_if(report.results.begin(), report.results.end(), [](const CaseResult& result) {
    return std::find(result.tags.begin(), result.tags.end(), "control") != result.tags.end();
  }));
}

}  // namespace

Expected<Report> merge(const Files& files) {
  if (files.empty()) return Error("", "merge", "no report is given", "give the reports of the shards");
  if (auto error = differ(files)) return *error;
  if (auto error = incomplete(files)) return *error;

  Report whole = files.front().second;
  whole.shard.clear();
  whole.results.clear();
  whole.selected = 0;
  int controls = 0, crashes = 0;
  std::map<std::string, std::size_t> placeOf;
  for (const auto& [file, report] : files) {
    whole.startedAt = std::min(whole.startedAt, report.startedAt);
    whole.durationMs = std::max(whole.durationMs, report.durationMs);
    whole.passingOnSeen = whole.passingOnSeen && report.passingOnSeen;
    if (report.halted && !whole.halted) whole.halted = report.halted;
    whole.selected += std::max(report.selected, static_cast<int>(report.results.size())) - controlsIn(report);
    controls = std::max(controls, controlsIn(report));
    for (const CaseResult& result : report.results) {
      if (result.id == kContradiction) continue;
      if (result.id.starts_with(kCrash)) {  // each shard counts its own
        whole.results.push_back(result);
        whole.results.back().id = fmt::format("{}{}", kCrash, ++crashes);
        continue;
      }
      const auto [place, isNew] = placeOf.emplace(result.id, whole.results.size());
      if (isNew)
        whole.results.push_back(result);
      else if (CaseResult& known = whole.results[place->second]; rank(result) < rank(known))
        known = result;
    }
  }
  whole.selected = std::max(whole.selected + controls, static_cast<int>(whole.results.size()));
  takeFingerprint(whole);
  return whole;
}

}  // namespace relayproof::result
