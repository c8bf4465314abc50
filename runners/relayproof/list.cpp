#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

std::string sourcesText(const catalogue::Catalogue& catalogue) {
  std::string text;
  for (const auto& [id, source] : catalogue.sources) {
    const auto cases = catalogue::casesOf(catalogue, id);
    text += fmt::format("{}  {}{}{} [{}]\n  {}\n", id, source.document, source.section.empty() ? "" : ", ",
                        source.section, source.kind, source.says);
    if (cases.empty()) {
      text += fmt::format("  {}: {}\n", source.status, source.because);
    } else {
      constexpr std::size_t kMostNamed = 5;
      std::vector<std::string> ids;
      for (std::size_t i = 0; i < std::min(cases.size(), kMostNamed); ++i) ids.push_back(cases[i]->id);
      text += fmt::format("  tested by {}{}\n", fmt::join(ids, ", "),
                          cases.size() > kMostNamed ? fmt::format(" and {} more", cases.size() - kMostNamed) : "");
    }
  }
  return text;
}

Json sourcesJson(const catalogue::Catalogue& catalogue) {
  Json list = Json::array();
  for (const auto& [id, source] : catalogue.sources) {
    Json cases = Json::array();
    for (const catalogue::Case* one : catalogue::casesOf(catalogue, id)) cases.push_back(one->id);
    list.push_back({{"id", id},
                    {"document", source.document},
                    {"section", source.section},
                    {"url", source.url},
                    {"kind", source.kind},
                    {"says", source.says},
                    {"rules", source.rules},
                    {"cases", cases},
                    {"status", source.status.empty() ? Json() : Json(source.status)},
                    {"because", source.because.empty() ? Json() : Json(source.because)}});
  }
  return list;
}

int listCases(const Arguments& arguments) {
  const catalogue::Catalogue catalogue = loadCatalogue(arguments);
  if (arguments.has("sources")) {
    for (const OptionInfo& option : selectionOptions())
      if (option.name != "cases" && arguments.has(option.name))
        throw Error("", "--sources", fmt::format("lists every source, and --{} selects cases", option.name),
                    "leave one of them out");
    writeFile("-", formatOf(arguments) == "json" ? sourcesJson(catalogue).dump(2) + "\n" : sourcesText(catalogue));
    return status::kOk;
  }
  run::Setup setup;
  setup.profile = arguments.get("profile", setup.profile);
  const auto selected = selectFrom(arguments, catalogue, setup);
  std::string text;
  if (formatOf(arguments) == "json") {
    Json cases = Json::array();
    for (const catalogue::Case* one : selected)
      cases.push_back(Json{{"id", one->id},
                           {"title", one->title},
                           {"why", one->why},
                           {"sources", one->sources},
                           {"tags", one->tags},
                           {"since", one->since}});
    text = cases.dump(2) + "\n";
  } else {
    std::size_t width = 0;
    for (const catalogue::Case* one : selected) width = std::max(width, one->id.size());
    for (const catalogue::Case* one : selected) text += fmt::format("{:<{}}  {}\n", one->id, width, one->why);
  }
  writeFile("-", text);
  return selected.empty() ? status::kTooLittle : status::kOk;
}

}  // namespace

Command listCommand() {
  return {"list", "the catalogue: each case with the mistake it shows",
          joined({selectionOptions(),
                  {{"sources", "", "instead: each sentence that asks something of a relay, and what tests it"},
                   {"profile", "NAME|FILE", "for --tier"},
                   {"format", "text|json", "text when left out"}}}),
          "", listCases};
}

}  // namespace relayproof
