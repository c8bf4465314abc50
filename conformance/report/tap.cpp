#include <fmt/format.h>

#include <algorithm>

#include "conformance/report/describe.h"
#include "conformance/report/render.h"

namespace relayproof::report {
namespace {

using result::CaseResult;
using result::Outcome;

/// A description ends at an unescaped "#", and at the line's end.
std::string tapText(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '#') escaped += '\\';
    escaped += c == '\n' || c == '\t' ? ' ' : c;
  }
  return escaped;
}

bool holdsUp(const CaseResult& result) {
  switch (result.outcome) {
    case Outcome::pass:
    case Outcome::observed:
    case Outcome::skip:
      return true;
    case Outcome::inconclusive:
      return result.tier != "must";
    default:
      return false;
  }
}

std::string directive(const CaseResult& result) {
  switch (result.outcome) {
    case Outcome::xfail:
      return " # TODO " + tapText(result.why);
    case Outcome::observed:
    case Outcome::skip:
      return " # SKIP " + tapText(result.why);
    case Outcome::inconclusive:
      return result.tier == "must" ? "" : " # SKIP " + tapText(result.why);
    default:
      return "";
  }
}

std::string diagnostics(const CaseResult& result) {
  std::string lines;
  std::string rest = report::failureText(result, {});
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines += "# " + rest.substr(0, end) + "\n";
    rest.erase(0, end + 1);
  }
  return lines;
}

}  // namespace

std::string tap(const result::Report& report) {
  std::string text = fmt::format("TAP version 14\n1..{}\n", report.results.size());
  for (const std::string& warning : warnings(report)) text += "# " + tapText(warning) + "\n";
  std::size_t number = 0;
  for (const CaseResult& result : report.results) {
    const std::string mark = directive(result);
    text += fmt::format("{} {} - {}{}\n", holdsUp(result) ? "ok" : "not ok", ++number, tapText(result.id), mark);
    if (!holdsUp(result) && mark.empty()) text += diagnostics(result);
  }
  if (report.halted) text += "Bail out! " + tapText(*report.halted) + "\n";
  return text;
}

}  // namespace relayproof::report
