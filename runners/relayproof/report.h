// Report files, as `run` and `report` write them.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "conformance/result/model.h"
#include "runners/relayproof/command.h"

namespace relayproof {

struct ReportOutput {
  void (*render)(const result::Report&, std::ostream&);
  std::string file;
};

/// --report FORMAT:FILE, each; throws Error.
std::vector<ReportOutput> reportOutputs(const Arguments& arguments);
/// Writes each; the first that cannot be written comes back as an Error, after the others are.
std::optional<Error> writeReports(const result::Report& report, const std::vector<ReportOutput>& outputs);

}  // namespace relayproof
