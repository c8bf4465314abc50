#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "conformance/report/describe.h"
#include "conformance/report/render.h"

namespace relayproof::report {
namespace {

using result::CaseResult;
using result::Outcome;

/// Text that no renderer takes for markup, in one line.
std::string plain(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*_{}[]<>#|~&!").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' || c == '\t' ? ' ' : c;
  }
  return escaped;
}

/// A fence that the text does not hold.
std::string fenced(std::string_view text) {
  const std::string shown = printable(text);
  std::string fence = "```";
  while (shown.find(fence) != std::string::npos) fence += '`';
  return fmt::format("{0}\n{1}{2}{0}\n", fence, shown, shown.ends_with('\n') ? "" : "\n");
}

struct Part {
  Outcome outcome;
  std::string_view title;
  bool inFull;
};
constexpr std::array<Part, 7> kParts = {{
    {Outcome::fail, "Failures", true},
    {Outcome::xpass, "Expected to fail, and passed", true},
    {Outcome::error, "Errors of ours or of the harness", true},
    {Outcome::inconclusive, "Inconclusive", false},
    {Outcome::xfail, "Failed as expected", false},
    {Outcome::observed, "Observed: both answers are right", false},
    {Outcome::skip, "Skipped", false},
}};

}  // namespace

std::string markdown(const result::Report& report) {
  std::string text = fmt::format("# relayproof\n\n**{}**\n\nprofile {}, target {}{}\n", plain(summaryLine(report)),
                                 plain(report.profile), plain(report.target.address),
                                 report.startedAt.empty() ? "" : ", " + plain(report.startedAt));
  for (const std::string& warning : warnings(report)) text += fmt::format("\n> {}\n", plain(warning));
  for (const Part& part : kParts) {
    const auto belongs = [&](const CaseResult& result) { return result.outcome == part.outcome; };
    const auto count = std::count_if(report.results.begin(), report.results.end(), belongs);
    if (count == 0) continue;
    text += fmt::format("\n## {} ({})\n\n", part.title, count);
    if (!part.inFull) text += "| case | why |\n| --- | --- |\n";
    for (const CaseResult& result : report.results)
      if (belongs(result))
        text += part.inFull ? fmt::format("### {}\n\n{}\n", plain(result.id), fenced(failureText(result, {})))
                            : fmt::format("| {} | {} |\n", plain(result.id), plain(result.why));
  }
  if (const auto lines = fingerprintLines(report); !lines.empty()) {
    text += "\n## What this relay chose where both answers are right\n\n";
    for (const std::string& line : lines) text += fmt::format("- {}\n", plain(line));
  }
  return text;
}

}  // namespace relayproof::report
