#include "runners/relayproof/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>

#include "certs/blueprint.h"
#include "conformance/report/render.h"
#include "conformance/result/diff.h"
#include "conformance/result/exit_status.h"
#include "conformance/result/expectations.h"
#include "conformance/result/journal.h"
#include "conformance/result/merge.h"
#include "conformance/run/rejudge.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

template <std::string (*text)(const result::Report&)>
void whole(const result::Report& report, std::ostream& to) {
  to << text(report);
}

struct Format {
  std::string_view name;
  void (*render)(const result::Report&, std::ostream&);
};
constexpr Format kFormats[] = {{"json", report::json},        {"junit", whole<report::junit>},
                               {"tap", whole<report::tap>},   {"markdown", whole<report::markdown>},
                               {"html", whole<report::html>}, {"sarif", whole<report::sarif>}};

result::Report readReportOrJournal(const std::string& file) {
  const std::string text = orThrow(readFile(file));
  const std::string firstLine = text.substr(0, text.find('\n'));
  if (nlohmann::json::accept(firstLine) && firstLine.size() < text.size())
    return orThrow(result::readJournal(text, file));
  return orThrow(result::readReport(text, file));
}

int convertReport(const Arguments& arguments, const std::vector<std::string>& files) {
  const auto outputs = reportOutputs(arguments);
  if (outputs.empty()) throw Error("", "--report", "is missing", "for example --report html:report.html");
  if (const auto unwritten = writeReports(readReportOrJournal(files.front()), outputs)) throw *unwritten;
  return status::kOk;
}

/// Writes the reports that are asked for, says the summary, and ends as the run would have.
int conclude(const Arguments& arguments, result::Report report) {
  const auto outputs = reportOutputs(arguments);
  const auto minimumCoverage = static_cast<double>(arguments.integer("minimum-coverage", 60, 0, 100)) / 100;
  if (arguments.has("expectations")) {
    const std::string file = arguments.get("expectations");
    const auto expectations =
        orThrow(result::readExpectations(orThrow(readFile(file)), file, rfc3339(now()).substr(0, 10)));
    if (const auto error = result::apply(expectations, report, !report.halted)) throw *error;
  }
  const auto unwritten = writeReports(report, outputs);
  std::string text;
  for (const result::CaseResult& result : report.results)
    if (result.outcome == result::Outcome::fail) text += report::failureText(result, {});
  writeFile("-", text + report::summaryText(report, {}));
  if (unwritten) throw *unwritten;
  return result::exitStatus(report, minimumCoverage);
}

int mergeReports(const Arguments& arguments, const std::vector<std::string>& files) {
  std::vector<std::pair<std::string, result::Report>> reports;
  for (const std::string& file : files) reports.emplace_back(file, readReportOrJournal(file));
  return conclude(arguments, orThrow(result::merge(reports)));
}

int diffReports(const Arguments& arguments, const std::vector<std::string>& files) {
  const std::string failOn = arguments.get("fail-on");
  const auto level = std::find_if(result::kChangeKinds.begin(), result::kChangeKinds.end(),
                                  [&](result::ChangeKind kind) { return result::name(kind) == failOn; });
  if (arguments.has("fail-on") && (level == result::kChangeKinds.end() || *level > result::ChangeKind::changed))
    throw Error("", "--fail-on", "\"" + failOn + "\" is unknown", "known: new-hole, new-fail, changed");
  const result::Report before = readReportOrJournal(files[0]), after = readReportOrJournal(files[1]);
  if (before.profile != after.profile)
    throw Error(files[1], "profile", fmt::format("is {}, and {} in {}", after.profile, before.profile, files[0]),
                "judge one of them again: relayproof report rejudge --profile NAME");
  const std::vector<result::Change> changes = result::diff(before, after);
  std::string text;
  for (const result::Change& change : changes)
    text += fmt::format("{:<8} {}: {} -> {}\n", result::name(change.kind), change.id,
                        change.before.empty() ? "not there" : change.before,
                        change.after.empty() ? "not there" : change.after);
  writeFile("-", changes.empty() ? "nothing changed\n" : text);
  const bool bad = arguments.has("fail-on") && std::any_of(changes.begin(), changes.end(),
                                                           [&](const auto& change) { return change.kind <= *level; });
  return bad ? status::kNotConforming : status::kOk;
}

run::Request requestOf(const Workload& workload, const certs::Mint& mint, const verdict::Profile& profile,
                       const run::Setup& setup) {
  const Json plan = planOf(workload, mint, setup);
  return {workload.catalogue,
          mint,
          orThrow(readDocument(plan.dump(), "plan", verdict::readTenancy)),
          profile,
          setup,
          {},
          workload.selected,
          workload.controls};
}

int rejudgeReport(const Arguments& arguments, const std::vector<std::string>& files) {
  if (!arguments.has("profile"))
    throw Error("", "--profile", "is missing", "name the profile to judge under, for example --profile strict");
  const result::Report report = readReportOrJournal(files.front());
  const auto at = certs::parseTime(report.startedAt);
  if (!at) throw Error(files.front(), "startedAt", "is no time", "");
  run::Setup is = setupFrom(arguments);
  catalogue::Catalogue loaded = loadCatalogue(arguments);
  catalogue::addGuises(loaded, meansOf(is));
  const certs::Mint mint = mintOf(is, report.seed);
  const verdict::Profile profile = orThrow(verdict::findProfile(is.profile, loaded.profiles));
  run::Setup was = is;
  was.profile = report.profile;
  const auto known = verdict::findProfile(report.profile, loaded.profiles);
  if (!known)
    throw Error(files.front(), "profile", fmt::format("{} is none of ours", report.profile),
                "only reports under a shipped profile can be judged again");
  std::vector<const catalogue::Case*> cases;
  for (const result::CaseResult& result : report.results)
    if (const catalogue::Case* one = loaded.find(result.id); one && !one->control) cases.push_back(one);
  const Workload workload = workloadOf(std::move(loaded), cases, mint, is);
  auto judged =
      run::rejudge(report, requestOf(workload, mint, *known, was), requestOf(workload, mint, profile, is), *at);
  if (!judged) throw Error(files.front(), judged.error().key, judged.error().problem, judged.error().mend);
  return conclude(arguments, std::move(*judged));
}

struct Action {
  std::string_view name;
  std::size_t least, most;  ///< files
  int (*run)(const Arguments&, const std::vector<std::string>& files);
};
constexpr Action kActions[] = {{"convert", 1, 1, convertReport},
                               {"merge", 1, SIZE_MAX, mergeReports},
                               {"diff", 2, 2, diffReports},
                               {"rejudge", 1, 1, rejudgeReport}};

int runReport(const Arguments& arguments) {
  std::vector<std::string> words = arguments.all("");
  const std::string name = words.empty() ? "" : words.front();
  for (const Action& action : kActions) {
    if (action.name != name) continue;
    words.erase(words.begin());
    if (words.size() >= action.least && words.size() <= action.most) return action.run(arguments, words);
    throw Error("", "report " + name, action.most == 2 ? "takes two files" : "takes a file",
                "for example relayproof report " + name + (action.most == 2 ? " old.json new.json" : " report.json"));
  }
  throw Error("", "report", "takes an action and its files", "actions: convert, merge, diff, rejudge");
}

}  // namespace

std::vector<ReportOutput> reportOutputs(const Arguments& arguments) {
  std::vector<ReportOutput> outputs;
  for (const std::string& text : arguments.all("report")) {
    const auto colon = text.find(':');
    const std::string format = text.substr(0, colon);
    std::vector<std::string_view> known;
    const Format* found = nullptr;
    for (const Format& one : kFormats) {
      known.push_back(one.name);
      if (one.name == format) found = &one;
    }
    if (!found || colon == std::string::npos || colon + 1 == text.size())
      throw Error("", "--report", fmt::format("\"{}\" is not of the form FORMAT:FILE", text),
                  fmt::format("formats: {}", fmt::join(known, ", ")));
    outputs.push_back({found->render, text.substr(colon + 1)});
  }
  return outputs;
}

std::optional<Error> writeReports(const result::Report& report, const std::vector<ReportOutput>& outputs) {
  std::optional<Error> first;
  for (const ReportOutput& output : outputs) try {
      writeFile(output.file, [&](std::ostream& to) { output.render(report, to); });
    } catch (const Error& error) {
      if (!first) first = error;
    }
  return first;
}

Command reportCommand() {
  return {"report", "work on reports and journals: convert FILE, merge FILE..., diff OLD NEW, rejudge FILE --profile P",
          joined({{{"report", "FORMAT:FILE", "json, junit, tap, markdown, html or sarif (repeatable)", true},
                   {"fail-on", "KIND",
                    "of diff: exit status 1 at a new-hole, a new-fail or worse, anything changed or worse"},
                   {"expectations", "FILE", "of merge and rejudge: known failures with their reasons"},
                   {"minimum-coverage", "PERCENT", "of merge and rejudge: judged of selected; 60 when left out"},
                   {"cases", "DIR", "of rejudge: private cases beside ours (repeatable)", true}},
                  setupOptions()}),
          "ACTION FILE...", runReport};
}

}  // namespace relayproof
