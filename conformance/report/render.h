// Renderings of the result model.
#pragma once

#include <string>

#include "conformance/result/model.h"

namespace relayproof::report {

std::string json(const result::Report& report);
std::string junit(
    const result::Report& report);  ///< JUnit XML; inconclusive `must` is an error, other unjudged ones are skipped
std::string html(const result::Report& report);  ///< one file, nothing fetched; failures first; readable at 400 px

struct TerminalStyle {
  bool color = false;
  bool quiet = false;  ///< the summary and failures alone
};
std::string failureText(const result::CaseResult& result, const TerminalStyle& style);
std::string summaryText(const result::Report& report, const TerminalStyle& style);

}  // namespace relayproof::report
