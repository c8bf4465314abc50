#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/report/describe.h"
#include "conformance/report/render.h"

namespace relayproof::report {
namespace {

using result::Outcome;

std::string_view ansi(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
    case Outcome::xfail:
      return "\x1b[32m";
    case Outcome::fail:
    case Outcome::xpass:
    case Outcome::error:
      return "\x1b[1;31m";
    case Outcome::inconclusive:
    case Outcome::observed:
    case Outcome::skip:
      return "\x1b[33m";
  }
  return "";
}

std::string coloured(std::string_view text, Outcome outcome, const TerminalStyle& style) {
  return style.color ? fmt::format("{}{}\x1b[0m", ansi(outcome), text) : std::string(text);
}

std::string row(std::string_view label, std::string_view text) {
  return text.empty() ? "" : fmt::format("  {:<9} {}\n", label, printable(text));
}

std::string recipientRows(const result::CaseResult& result) {
  if (result.sessions.empty()) return {};
  std::string rows;
  for (const result::Transaction& transaction : result.sessions.back().transactions)
    for (const result::Recipient& recipient : transaction.recipients) {
      rows += row("to", fmt::format("{}, from <{}>{}", recipient.address, transaction.mailFrom,
                                    transaction.smuggled ? ", hidden in the message before" : ""));
      rows += row("expected", expectedText(recipient));
      rows += row("seen", observedText(recipient.observed));
    }
  return rows;
}

std::string listOf(const result::Report& report, Outcome outcome, const TerminalStyle& style) {
  std::string lines;
  for (const result::CaseResult& result : report.results)
    if (result.outcome == outcome) lines += fmt::format("  {}: {}\n", printable(result.id), printable(result.why));
  return lines.empty() ? "" : fmt::format("{}\n{}", coloured(result::name(outcome), outcome, style), lines);
}

}  // namespace

std::string failureText(const result::CaseResult& result, const TerminalStyle& style) {
  std::string head(result::name(result.outcome));
  if (result.failure != result::Class::none) head += fmt::format(" ({})", result::name(result.failure));
  std::string text =
      fmt::format("{} {}: {}\n", coloured(head, result.outcome, style), printable(result.id), printable(result.title));
  text += row("what", result.why);
  text += recipientRows(result);
  for (const result::Check& check : result.checks)
    if (!check.ok) text += row("check", fmt::format("{}: {}", check.name, check.why));
  if (result.likely != result.purpose) text += row("case", result.purpose);
  text +=
      row("demanded", fmt::format("{}{}", fmt::join(result.sources, ", "),
                                  result.rules.empty() ? "" : fmt::format("; rule {}", fmt::join(result.rules, ", "))));
  if (!result.hangsOn.empty()) text += row("hangs on", fmt::format("{}", fmt::join(result.hangsOn, ", ")));
  if (result.twin) text += row("twin", *result.twin + ", the same session less its one deviation");
  if (result.likely) text += row("likely", *result.likely);
  if (!result.token.empty()) text += row("token", result.token + ", to search the relay's log for");
  text += row("again", runAgain(result));
  text += row("by hand", result.reproduce);
  return text;
}

std::string summaryText(const result::Report& report, const TerminalStyle& style) {
  std::string text;
  for (const std::string& warning : warnings(report)) text += coloured(warning, Outcome::inconclusive, style) + "\n";
  if (!style.quiet)
    for (const Outcome outcome : {Outcome::xfail, Outcome::observed, Outcome::inconclusive})
      text += listOf(report, outcome, style);
  text += fmt::format("{}\n", printable(fmt::format("profile {}, target {}", report.profile, report.target.address)));

  const result::Summary summary = result::summarise(report);
  const bool bad =
      summary.outcomes.at(Outcome::fail) + summary.outcomes.at(Outcome::xpass) + summary.outcomes.at(Outcome::error) >
          0 ||
      report.halted;
  const bool open = summary.total == 0 || summary.outcomes.at(Outcome::inconclusive) > 0;
  const Outcome colour = bad ? Outcome::fail : open ? Outcome::inconclusive : Outcome::pass;
  return text + coloured(summaryLine(report), colour, style) + "\n";
}

}  // namespace relayproof::report
