#include <fmt/format.h>

#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

int listCases(const Arguments& arguments) {
  const catalogue::Catalogue catalogue = loadCatalogue(arguments);
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
                  {{"profile", "NAME|FILE", "for --tier"}, {"format", "text|json", "text when left out"}}}),
          "", listCases};
}

}  // namespace relayproof
