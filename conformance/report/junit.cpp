#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

#include "conformance/report/describe.h"
#include "conformance/report/render.h"

namespace relayproof::report {
namespace {

using result::CaseResult;
using result::Outcome;

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  std::int64_t milliseconds = 0;
};

/// The element that a case becomes; nullptr: it passed.
const char* elementOf(const CaseResult& result) {
  switch (result.outcome) {
    case Outcome::pass:
      return nullptr;
    case Outcome::fail:
    case Outcome::xpass:
      return "failure";
    case Outcome::error:
      return "error";
    case Outcome::inconclusive:
      return result.tier == "must" ? "error" : "skipped";
    case Outcome::observed:
    case Outcome::xfail:
    case Outcome::skip:
      return "skipped";
  }
  return nullptr;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(printable(value).c_str());
}

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{:.3f}", static_cast<double>(milliseconds) / 1000);
}

void setCounts(pugi::xml_node node, const Counts& counts) {
  set(node, "tests", std::to_string(counts.tests));
  set(node, "failures", std::to_string(counts.failures));
  set(node, "errors", std::to_string(counts.errors));
  set(node, "skipped", std::to_string(counts.skipped));
  set(node, "time", seconds(counts.milliseconds));
}

void count(Counts& counts, std::string_view element, std::int64_t milliseconds) {
  ++counts.tests;
  counts.milliseconds += milliseconds;
  if (element == "failure") ++counts.failures;
  if (element == "error") ++counts.errors;
  if (element == "skipped") ++counts.skipped;
}

std::string message(const CaseResult& result) {
  const bool plain = result.outcome == Outcome::fail || result.outcome == Outcome::error;
  return plain ? result.why : fmt::format("{}: {}", result::name(result.outcome), result.why);
}

void addCase(pugi::xml_node suite, const std::string& family, const CaseResult& result) {
  pugi::xml_node node = suite.append_child("testcase");
  set(node, "classname", family);
  set(node, "name", result.id.substr(family.empty() ? 0 : family.size() + 1));
  set(node, "time", seconds(result.durationMs));
  if (!result.file.empty()) {
    set(node, "file", result.file);
    set(node, "line", std::to_string(result.line));
  }
  const char* element = elementOf(result);
  if (!element) return;
  pugi::xml_node child = node.append_child(element);
  set(child, "message", message(result));
  if (std::string_view(element) == "skipped") return;
  set(child, "type",
      result.failure == result::Class::none ? result::name(result.outcome) : result::name(result.failure));
  child.text().set(printable(failureText(result, {})).c_str());
}

std::string familyOf(const std::string& id) {
  const std::size_t dot = id.rfind('.');
  return dot == std::string::npos ? "" : id.substr(0, dot);
}

}  // namespace

std::string junit(const result::Report& report) {
  std::map<std::string, std::vector<const CaseResult*>> families;
  for (const CaseResult& result : report.results) families[familyOf(result.id)].push_back(&result);

  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node suites = document.append_child("testsuites");
  set(suites, "name", "relayproof");
  Counts all;
  for (const auto& [family, results] : families) {
    Counts counts;
    for (const CaseResult* result : results)
      for (Counts* sum : {&counts, &all}) {
        const char* element = elementOf(*result);
        count(*sum, element ? element : "", result->durationMs);
      }
    pugi::xml_node suite = suites.append_child("testsuite");
    set(suite, "name", family);
    setCounts(suite, counts);
    set(suite, "timestamp", report.startedAt);
    pugi::xml_node profile = suite.append_child("properties").append_child("property");
    set(profile, "name", "profile");
    set(profile, "value", report.profile);
    for (const CaseResult* result : results) addCase(suite, family, *result);
  }
  // A run that ended early must not look green to a reader of the counts alone.
  if (report.halted) {
    Counts counts;
    for (Counts* sum : {&counts, &all}) count(*sum, "error", 0);
    pugi::xml_node suite = suites.append_child("testsuite");
    set(suite, "name", "run");
    setCounts(suite, counts);
    pugi::xml_node node = suite.append_child("testcase");
    set(node, "classname", "run");
    set(node, "name", "ended-early");
    set(node, "time", "0.000");
    pugi::xml_node error = node.append_child("error");
    set(error, "message", *report.halted);
    set(error, "type", "halted");
  }
  setCounts(suites, all);
  std::ostringstream out;
  document.save(out, " ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace relayproof::report
