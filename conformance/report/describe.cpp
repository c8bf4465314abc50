#include "conformance/report/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace relayproof::report {
namespace {

using result::Class;
using result::Outcome;

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;  // 0: no UTF-8 here
};

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
CodePoint decode(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = octet(0);
  const std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (size == 0 || first > 0xF4 || text.size() < size) return {};
  std::uint32_t value = size == 1 ? first : first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (octet(i) & 0x3FU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < least[size] || (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF) return {};
  return {value, size};
}

bool harmless(std::uint32_t c) {
  if (c == '\n' || c == '\t') return true;
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
  const bool turnsDirection =
      (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  const bool noCharacter = c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;  // XML 1.0 2.2 has neither of the last two
  return !control && !turnsDirection && !noCharacter;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode(text);
    const std::size_t size = point.size == 0 ? 1 : point.size;
    if (point.size != 0 && harmless(point.value)) {
      shown += text.substr(0, size);
    } else {
      for (const char c : text.substr(0, size)) shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(size);
  }
  return shown;
}

std::string expectedText(const result::Recipient& recipient) {
  std::string text;
  for (const result::Answer& answer : recipient.expected) {
    if (!text.empty()) text += ", or ";
    text += answer.verdict;
    if (answer.tenant) text += " for " + *answer.tenant;
    if (!answer.basis.empty()) text += fmt::format(" ({})", fmt::join(answer.basis, ", "));
  }
  return printable(text);
}

std::string observedText(const result::Observed& observed) {
  std::string text = observed.verdict;
  if (!observed.stage.empty()) text += " at " + observed.stage;
  if (observed.code != 0) text += fmt::format(", {}", observed.code);
  if (!observed.enhanced.empty()) text += " " + observed.enhanced;
  if (!observed.text.empty()) text += (observed.code != 0 ? " " : ": ") + observed.text;
  if (observed.passedOn) text += "; passed on: " + *observed.passedOn;
  if (observed.tenant) text += ", for tenant " + *observed.tenant;
  if (observed.forgedMark) text += ", as the client had written";
  return printable(text);
}

std::string summaryLine(const result::Report& report) {
  const result::Summary summary = result::summarise(report);
  std::vector<std::string> counts;
  for (const Outcome outcome : result::kOutcomes)
    if (const int count = summary.outcomes.at(outcome); count > 0) {
      std::string text = fmt::format("{} {}", count, result::name(outcome));
      if (outcome == Outcome::fail) {
        std::vector<std::string> classes;
        for (const Class failure : result::kClasses)
          if (const int of = summary.classes.at(failure); of > 0)
            classes.push_back(fmt::format("{} {}", of, result::name(failure)));
        if (!classes.empty()) text += fmt::format(" ({})", fmt::join(classes, ", "));
      }
      counts.push_back(std::move(text));
    }
  return fmt::format("{} case{}: {}; coverage {:.1f} %; {:.1f} s", summary.total, summary.total == 1 ? "" : "s",
                     counts.empty() ? "nothing judged" : fmt::format("{}", fmt::join(counts, ", ")),
                     summary.coverage * 100, static_cast<double>(report.durationMs) / 1000);
}

namespace {

bool isSeenInSinksAlone(const result::CaseResult& one) {
  return one.outcome == result::Outcome::inconclusive && !one.sessions.empty() && one.sessions.back().watched.empty() &&
         std::any_of(one.sessions.back().transactions.begin(), one.sessions.back().transactions.end(),
                     [](const result::Transaction& transaction) { return transaction.smuggled; });
}

bool hadToBeAccepted(const result::CaseResult& one) {
  if (one.outcome != result::Outcome::inconclusive || one.sessions.empty()) return false;
  for (const result::Transaction& transaction : one.sessions.back().transactions)
    for (const result::Recipient& recipient : transaction.recipients)
      for (const result::Answer& answer : recipient.expected)
        if (answer.verdict == "deny" || answer.verdict == "refuse-tls") return false;
  return true;
}

}  // namespace

std::vector<std::string> warnings(const result::Report& report) {
  std::vector<std::string> lines;
  if (!report.passingOnSeen)
    lines.emplace_back("Passing on was not seen: no sink watched what the relay does with the mail that it accepts.");
  if (report.halted == result::kHaltedOpenRelay)
    lines.emplace_back("OPEN RELAY: a stranger without certificate may relay. Nothing else was judged.");
  else if (report.halted) {
    lines.push_back(fmt::format("The run ended early: {}.", printable(*report.halted)));
    // One that had to be accepted says more than the others, which hang on those.
    auto open = std::find_if(report.results.begin(), report.results.end(), hadToBeAccepted);
    if (open == report.results.end())
      open = std::find_if(report.results.begin(), report.results.end(),
                          [](const result::CaseResult& one) { return one.outcome == result::Outcome::inconclusive; });
    if (open != report.results.end()) lines.push_back(printable(fmt::format("{}: {}", open->id, open->why)));
  }
  constexpr std::size_t kMostNamed = 3;
  std::vector<std::string> open;
  for (const result::CaseResult& one : report.results)
    if (one.tier == "must" && one.outcome == result::Outcome::inconclusive) open.push_back(printable(one.id));
  if (!open.empty() && !report.halted) {
    const std::size_t more = open.size() - std::min(open.size(), kMostNamed);
    open.resize(std::min(open.size(), kMostNamed));
    lines.push_back(fmt::format("Cases that must be judged stay open: {}{}.", fmt::join(open, ", "),
                                more > 0 ? fmt::format(" and {} more", more) : ""));
    if (std::any_of(report.results.begin(), report.results.end(), isSeenInSinksAlone))
      lines.emplace_back(
          "What is smuggled shows in a sink alone: add --next-hop and --local-hop, or declare it away with "
          "--without injection.");
  }
  if (!report.target.tls.empty() && !report.target.asked)
    lines.emplace_back(
        "The relay never asks for a client certificate, so no case with one can be judged: let it request "
        "certificates, without requiring them.");
  return lines;
}

std::vector<std::string> fingerprintLines(const result::Report& report) {
  std::vector<std::string> lines;
  if (!report.fingerprint.contains("options")) return lines;
  for (const auto& [option, told] : report.fingerprint["options"].items()) {
    const auto values = told["values"].get<std::vector<std::string>>();
    const std::size_t cases = told["cases"].size();
    lines.push_back(
        printable(fmt::format("{}: {} ({} case{})", option, fmt::join(values, ", "), cases, cases == 1 ? "" : "s")));
  }
  return lines;
}

std::string runAgain(const result::CaseResult& result) {
  return printable(result.again.empty() ? fmt::format("relayproof run --filter {}", result.id) : result.again);
}

}  // namespace relayproof::report
