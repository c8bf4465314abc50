#include "conformance/result/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/result/fingerprint.h"

namespace relayproof::result {
namespace {

constexpr std::string_view kJournalSchema = "relayproof.journal/1";

}  // namespace

std::string journalHead(const Report& report) {
  Report head = report;
  head.results.clear();
  Json json = toJson(head);
  json["schema"] = kJournalSchema;
  json.erase("results");
  json.erase("summary");
  return dump(json, -1) + "\n";
}

std::string journalLine(const CaseResult& result) { return dump(toJson(result), -1) + "\n"; }

Expected<Report> readJournal(std::string_view text, const std::string& place) {
  std::optional<Report> report;
  for (int line = 1; text.find('\n') != std::string_view::npos; ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::string where = fmt::format("{}:{}", place, line);
    if (!report) {
      Expected<Json> head = parseJson(one, where);
      if (!head) return head.error();
      if (!head->is_object() || head->value("schema", Json()) != Json(kJournalSchema))
        return Error(where, "schema", fmt::format("is not {}", kJournalSchema),
                     "give a file that run wrote with --journal");
      (*head)["schema"] = "relayproof.report/1";
      (*head)["results"] = Json::array();
      Expected<Report> empty = readReport(dump(*head, -1), where);
      if (!empty) return empty.error();
      report = std::move(*empty);
      continue;
    }
    Expected<CaseResult> result = readDocument(one, where, caseResultFromJson);
    if (!result) return result.error();
    // Mail that came late has a case judged again: the later line counts.
    const auto known = std::find_if(report->results.begin(), report->results.end(),
                                    [&](const CaseResult& earlier) { return earlier.id == result->id; });
    if (known == report->results.end())
      report->results.push_back(std::move(*result));
    else
      *known = std::move(*result);
  }
  if (!report) return Error(place, "", "holds no whole line", "give a file that run wrote with --journal");
  std::erase_if(report->results, [](const CaseResult& result) { return result.id == kContradiction; });
  if (static_cast<int>(report->results.size()) < report->selected) report->halted = kHaltedUnfinished;
  takeFingerprint(*report);
  return *std::move(report);
}

}  // namespace relayproof::result
