#include "runners/relayproof/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>

#include "conformance/report/render.h"
#include "conformance/result/journal.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

struct Format {
  std::string_view name;
  std::string (*render)(const result::Report&);
};
constexpr Format kFormats[] = {{"json", report::json}, {"junit", report::junit}, {"html", report::html}};

result::Report readReportOrJournal(const std::string& file) {
  const std::string text = orThrow(readFile(file));
  const std::string firstLine = text.substr(0, text.find('\n'));
  if (nlohmann::json::accept(firstLine) && firstLine.size() < text.size())
    return orThrow(result::readJournal(text, file));
  return orThrow(result::readReport(text, file));
}

int convertReport(const Arguments& arguments) {
  const std::vector<std::string> words = arguments.all("");
  if (words.size() != 2 || words[0] != "convert")
    throw Error("", "report", "takes an action and a file",
                "for example relayproof report convert journal.jsonl --report junit:junit.xml");
  const auto outputs = reportOutputs(arguments);
  if (outputs.empty()) throw Error("", "--report", "is missing", "for example --report html:report.html");
  const result::Report report = readReportOrJournal(words[1]);
  writeReports(report, outputs);
  return status::kOk;
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

void writeReports(const result::Report& report, const std::vector<ReportOutput>& outputs) {
  for (const ReportOutput& output : outputs) writeFile(output.file, output.render(report));
}

Command reportCommand() {
  return {"report",
          "work on report files: `report convert FILE` renders a report or a journal anew",
          {{"report", "FORMAT:FILE", "json, junit or html (repeatable)", true}},
          "convert FILE",
          convertReport};
}

}  // namespace relayproof
