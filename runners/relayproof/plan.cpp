#include <filesystem>
#include <iostream>

#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

int writePlan(const Arguments& arguments) {
  const std::string format = arguments.get("format", "json");
  if (format != "json" && format != "markdown" && format != "csv")
    throw Error("", "--format", "\"" + format + "\" is no format of a plan", "known: json, markdown, csv");
  const run::Setup setup = setupFrom(arguments);
  catalogue::Catalogue catalogue = loadCatalogue(arguments);
  catalogue::addGuises(catalogue, meansOf(setup));
  if (const auto error = run::unknownName(setup, catalogue)) throw *error;
  const certs::Mint mint = mintOf(setup, static_cast<std::uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX)));
  const auto selected = selectFrom(arguments, catalogue, setup);
  if (selected.empty()) {
    std::cerr << "relayproof: no case is selected; see relayproof list\n";
    return status::kTooLittle;
  }
  const Workload workload = workloadOf(std::move(catalogue), selected, mint, setup);
  const Json plan = planOf(workload, mint, setup);
  const std::string text = format == "json" ? plan.dump(2) + "\n" : catalogue::planSheet(plan, format);
  if (!arguments.has("out")) {
    writeFile("-", text);
    return status::kOk;
  }
  const std::filesystem::path folder = arguments.get("out");
  std::error_code error;
  if (!arguments.has("force") && std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error))
    throw Error(folder, "--out", "is not empty", "name another folder, or say --force");
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(folder, "--out", "cannot be made: " + error.message(), "name another folder");
  writeFile(folder / ("plan." + std::string(format == "markdown" ? "md" : format)), text);
  std::string anchors;
  for (const std::string& anchor : mint.trustAnchors()) anchors += certs::pem("CERTIFICATE", anchor);
  writeFile(folder / "ca.pem", anchors);
  return status::kOk;
}

}  // namespace

Command planCommand() {
  return {"plan", "the tenancy that the selected cases assume: what to enter into the relay under test",
          joined({{{"format", "json|markdown|csv", "json when left out"},
                   {"out", "DIR", "write the plan and the CA file there instead of to standard output"},
                   {"force", "", "write into a folder that is not empty"},
                   {"seed", "N", "the seed of the certificates"}},
                  selectionOptions(),
                  setupOptions()}),
          "", writePlan};
}

}  // namespace relayproof
