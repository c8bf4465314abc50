#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "conformance/report/describe.h"
#include "conformance/report/render.h"
#include "page.h"

namespace relayproof::report {
namespace {

using kainjow::mustache::data;
using result::Outcome;

data text(std::string_view value) { return data(printable(value)); }

/// False where it says nothing, so that the template leaves its line out and does not look for the key further out.
void put(data& object, const std::string& key, std::string_view value) {
  object.set(key, value.empty() ? data(false) : text(value));
}

data sessionData(const result::Session& session, std::size_t number) {
  data object;
  object.set("number", text(std::to_string(number)));
  put(object, "source", session.source);
  put(object, "certificate", session.certificate.value_or("no certificate"));
  put(object, "tls",
      fmt::format("TLS {}{}{}{}", session.tlsOutcome, session.tlsVersion.empty() ? "" : ", " + session.tlsVersion,
                  session.resumed ? ", resumed" : "", session.alert ? ", alert " + *session.alert : ""));
  put(object, "end",
      session.end.how == "completed"
          ? ""
          : fmt::format("{} at {} {}", session.end.how, session.end.stage, session.end.text));
  put(object, "strays", fmt::format("{}", fmt::join(session.strays, ", ")));
  put(object, "lostLines", fmt::format("{}", fmt::join(session.lostLines, ", ")));
  put(object, "mergedMessages", fmt::format("{}", fmt::join(session.mergedMessages, ", ")));
  put(object, "bareLineEnds", fmt::format("{}", fmt::join(session.bareLineEnds, ", ")));
  data recipients{data::type::list};
  for (const result::Transaction& transaction : session.transactions)
    for (const result::Recipient& recipient : transaction.recipients) {
      data one;
      one.set("address", text(recipient.address));
      one.set("sender", text("<" + transaction.mailFrom + ">"));
      one.set("smuggled", data(transaction.smuggled));
      put(one, "expected", expectedText(recipient));
      one.set("seen", text(observedText(recipient.observed)));
      recipients << one;
    }
  object.set("recipients", recipients);
  data events{data::type::list};
  for (const session::Event& event : session.transcript.events()) {
    data one;
    one.set("at", text(fmt::format("{:.3f}", event.at)));
    one.set("from", text(event.from));
    one.set("text", text(event.text));
    events << one;
  }
  object.set("transcript", events);
  object.set("hasTranscript", data(!session.transcript.empty()));
  return object;
}

data caseData(const result::CaseResult& result, bool open) {
  data object;
  object.set("id", text(result.id));
  object.set("outcome", text(result::name(result.outcome)));
  put(object, "class", result::name(result.failure));
  put(object, "title", result.title);
  put(object, "why", result.why);
  put(object, "likely", result.likely.value_or(""));
  put(object, "purpose", result.likely == result.purpose ? "" : result.purpose);
  put(object, "tier", result.tier);
  put(object, "rules", fmt::format("{}", fmt::join(result.rules, ", ")));
  put(object, "sources", fmt::format("{}", fmt::join(result.sources, ", ")));
  put(object, "tags", fmt::format("{}", fmt::join(result.tags, ", ")));
  put(object, "hangsOn", fmt::format("{}", fmt::join(result.hangsOn, ", ")));
  put(object, "twin", result.twin.value_or(""));
  put(object, "token", result.token);
  put(object, "reproduce", result.reproduce);
  object.set("again", text(runAgain(result)));
  object.set("open", data(open));
  data checks{data::type::list};
  for (const result::Check& check : result.checks) {
    data one;
    one.set("name", text(check.name));
    one.set("verdict", text(check.ok ? "held" : "failed"));
    put(one, "why", check.why);
    checks << one;
  }
  object.set("checks", checks);
  object.set("hasChecks", data(!result.checks.empty()));
  data sessions{data::type::list};
  for (std::size_t i = 0; i < result.sessions.size(); ++i) sessions << sessionData(result.sessions[i], i + 1);
  object.set("sessions", sessions);
  return object;
}

struct Section {
  Outcome outcome;
  const char* title;
  bool bad;
};
constexpr std::ptrdiff_t kMostOpen = 3;  // more of them opened would hide one another
constexpr std::array<Section, 8> kSections = {{
    {Outcome::fail, "Failures", true},
    {Outcome::xpass, "Expected to fail, and passed", true},
    {Outcome::error, "Errors of ours or of the harness", true},
    {Outcome::inconclusive, "Inconclusive", false},
    {Outcome::xfail, "Failed as expected", false},
    {Outcome::observed, "Observed: both answers are right", false},
    {Outcome::pass, "Passed", false},
    {Outcome::skip, "Skipped", false},
}};

}  // namespace

std::string html(const result::Report& report) {
  data page;
  page.set("profile", text(report.profile));
  page.set("target", text(report.target.address));
  put(page, "greeting", report.target.greeting);
  put(page, "tls", report.target.tls);
  put(page, "startedAt", report.startedAt);
  put(page, "version", report.version);
  page.set("summary", text(summaryLine(report)));
  data notes{data::type::list};
  for (const std::string& warning : warnings(report)) notes << text(warning);
  page.set("warnings", notes);

  data fingerprint{data::type::list};
  const std::vector<std::string> lines = fingerprintLines(report);
  for (const std::string& line : lines) fingerprint << text(line);
  page.set("fingerprint", fingerprint);
  page.set("hasFingerprint", data(!lines.empty()));

  data counts{data::type::list}, sections{data::type::list};
  for (const Section& section : kSections) {
    const auto belongs = [&](const result::CaseResult& result) { return result.outcome == section.outcome; };
    const auto count = std::count_if(report.results.begin(), report.results.end(), belongs);
    if (count == 0) continue;
    data cases{data::type::list};
    for (const result::CaseResult& result : report.results)
      if (belongs(result)) cases << caseData(result, section.bad && count <= kMostOpen);
    data one;
    one.set("outcome", text(result::name(section.outcome)));
    one.set("title", data(section.title));
    one.set("count", data(std::to_string(count)));
    counts << one;
    one.set("cases", cases);
    sections << one;
  }
  page.set("counts", counts);
  page.set("sections", sections);

  kainjow::mustache::mustache renderer{std::string(kPage)};
  if (!renderer.is_valid()) throw std::logic_error("page.mustache: " + renderer.error_message());
  return renderer.render(page);
}

}  // namespace relayproof::report
