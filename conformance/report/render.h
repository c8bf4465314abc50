// Renderings of the result model.
#pragma once

#include <iosfwd>
#include <string>

#include "conformance/result/model.h"

namespace relayproof::report {

void json(const result::Report& report, std::ostream& to);
std::string junit(
    const result::Report& report);  ///< JUnit XML; inconclusive `must` is an error, other unjudged ones are skipped
std::string tap(const result::Report& report);       ///< TAP 14
std::string markdown(const result::Report& report);  ///< for a comment or a job's summary; failures in full
std::string sarif(const result::Report& report);     ///< SARIF 2.1.0; what is in order is left out
std::string html(const result::Report& report);      ///< one file, nothing fetched; failures first; readable at 400 px

struct TerminalStyle {
  bool color = false;
  bool quiet = false;  ///< the summary and failures alone
};
std::string failureText(const result::CaseResult& result, const TerminalStyle& style);
std::string summaryText(const result::Report& report, const TerminalStyle& style);

}  // namespace relayproof::report
