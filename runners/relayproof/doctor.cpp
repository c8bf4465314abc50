#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "conformance/doctor/examine.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

void print(const std::vector<doctor::Finding>& findings) {
  std::string mend;  // what mends several is said once
  for (const doctor::Finding& finding : findings) {
    if (!mend.empty() && finding.mend != mend) std::cout << fmt::format("         {}\n", mend);
    std::cout << fmt::format("{:<8} {}: {}\n", doctor::name(finding.state), finding.check, finding.what);
    mend = finding.mend;
  }
  if (!mend.empty()) std::cout << fmt::format("         {}\n", mend);
}

Json toJson(const doctor::Examination& examination, const std::string& target) {
  Json findings = Json::array();
  for (const doctor::Finding& finding : examination.findings)
    findings.push_back({{"check", finding.check},
                        {"state", doctor::name(finding.state)},
                        {"what", finding.what},
                        {"mend", finding.mend.empty() ? Json() : Json(finding.mend)}});
  return {{"schema", "relayproof.doctor/1"}, {"target", target}, {"findings", std::move(findings)}};
}

int examine(const Arguments& arguments) {
  const std::string format = formatOf(arguments);
  const run::Setup setup = setupFrom(arguments);
  if (setup.target.empty()) throw Error("", "--target", "is missing", "for example --target 127.0.0.1:2525");
  const session::Target target = orThrow(run::targetOf(setup));
  catalogue::Catalogue loaded = loadCatalogue(arguments);
  catalogue::addGuises(loaded, meansOf(setup));
  if (const auto error = run::unknownName(setup, loaded)) throw *error;
  const auto seed = static_cast<std::uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX));
  const certs::Mint mint = mintOf(setup, seed);
  const verdict::Profile profile = orThrow(verdict::findProfile(setup.profile, loaded.profiles));
  const auto wanted = selectFrom(arguments, loaded, setup);
  const Workload workload = workloadOf(std::move(loaded), wanted, mint, setup);
  const Json plan = planOf(workload, mint, setup);
  const auto nextHop = openSink(setup.nextHop, "nextHop");
  const auto localHop = openSink(setup.localHop, "localHop");

  run::Request request{workload.catalogue,
                       mint,
                       orThrow(readDocument(plan.dump(), "plan", verdict::readTenancy)),
                       profile,
                       setup,
                       target,
                       workload.selected,
                       workload.controls};
  request.jobs = static_cast<std::size_t>(arguments.integer("jobs", 4, 1, 1000));
  request.seed = seed;
  run::Surroundings surroundings;
  surroundings.now = now;
  surroundings.sleep = [](double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); };
  surroundings.stop = [] { return false; };
  surroundings.nextHop = nextHop.get();
  surroundings.localHop = localHop.get();

  const doctor::Examination examination = doctor::examine(request, surroundings);
  if (format == "json") {
    writeFile("-", toJson(examination, setup.target).dump(2) + "\n");
  } else {
    print(examination.findings);
  }
  return examination.status();
}

}  // namespace

Command doctorCommand() {
  return {"doctor", "what is wrong with a set-up, before any case runs",
          joined({{{"format", "text|json", "text when left out"},
                   {"seed", "N", "the seed of the certificates"},
                   {"jobs", "N", "sessions at once of the run to come; 4 when left out"}},
                  selectionOptions(),
                  setupOptions()}),
          "", examine};
}

}  // namespace relayproof
