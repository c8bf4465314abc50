#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/report/describe.h"
#include "conformance/report/render.h"

namespace relayproof::report {
namespace {

using result::CaseResult;
using result::Class;
using result::Outcome;

constexpr std::string_view kSchemaUri = "https://json.schemastore.org/sarif-2.1.0.json";

/// A relative reference (RFC 3986) from the project's folder, wherever the catalogue was read from.
std::string uriOf(const std::string& file) {
  constexpr std::string_view kCorpus = "corpus/cases/";
  const std::size_t corpus = file.rfind(kCorpus);
  std::string uri;
  for (const char c : corpus == std::string::npos ? file : file.substr(corpus)) {
    const bool unreserved = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                            std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += unreserved ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

/// What a reviewer has to look at; nothing of what is in order.
bool isShown(const CaseResult& result) {
  switch (result.outcome) {
    case Outcome::fail:
    case Outcome::xfail:
    case Outcome::xpass:
    case Outcome::error:
      return true;
    case Outcome::inconclusive:
      return result.tier == "must";
    default:
      return false;
  }
}

std::string_view level(const CaseResult& result) {
  if (result.outcome == Outcome::inconclusive) return "none";  // asked for where kind is not "fail"
  if (result.outcome == Outcome::xpass) return "warning";
  return result.failure == Class::reply || result.failure == Class::protocol ? "warning" : "error";
}

Json rule(const CaseResult& result) {
  return {{"id", result.id},
          {"shortDescription", {{"text", printable(result.title)}}},
          {"fullDescription", {{"text", printable(result.purpose.empty() ? result.title : result.purpose)}}},
          {"properties", {{"tier", result.tier}, {"tags", result.tags}}}};
}

Json finding(const CaseResult& result, std::size_t ruleIndex) {
  Json one = {{"ruleId", result.id},
              {"ruleIndex", ruleIndex},
              {"kind", result.outcome == Outcome::inconclusive ? "open" : "fail"},
              {"level", level(result)},
              {"message", {{"text", fmt::format("{}: {}", result::name(result.outcome), printable(result.why))}}},
              {"partialFingerprints", {{"relayproofCase/v1", result.id}}}};
  if (!result.file.empty()) {
    Json place = {{"artifactLocation", {{"uri", uriOf(result.file)}, {"uriBaseId", "%SRCROOT%"}}},
                  {"region", {{"startLine", std::max(result.line, 1)}}}};
    one["locations"] = Json::array({{{"physicalLocation", std::move(place)}}});
  }
  if (result.outcome == Outcome::xfail)
    one["suppressions"] = Json::array({{{"kind", "external"}, {"justification", printable(result.why)}}});
  Json& more = one["properties"] = Json::object();
  more["outcome"] = result::name(result.outcome);
  if (result.failure != Class::none) more["class"] = result::name(result.failure);
  if (result.likely) more["likely"] = printable(*result.likely);
  if (!result.token.empty()) more["token"] = result.token;
  return one;
}

}  // namespace

std::string sarif(const result::Report& report) {
  Json rules = Json::array(), results = Json::array();
  for (const CaseResult& result : report.results) {
    if (!isShown(result)) continue;
    results.push_back(finding(result, rules.size()));
    rules.push_back(rule(result));
  }
  Json invocation = {{"executionSuccessful", !report.halted.has_value()}};
  if (!report.startedAt.empty()) invocation["startTimeUtc"] = report.startedAt;
  if (report.halted)
    invocation["toolExecutionNotifications"] =
        Json::array({{{"level", "error"}, {"message", {{"text", printable(*report.halted)}}}}});
  Json driver = {{"name", "relayproof"}, {"rules", std::move(rules)}};
  if (!report.version.empty()) driver["version"] = report.version;
  const Json run = {{"tool", {{"driver", std::move(driver)}}},
                    {"invocations", Json::array({std::move(invocation)})},
                    {"columnKind", "utf16CodeUnits"},
                    {"results", std::move(results)},
                    {"properties", {{"profile", report.profile}, {"target", printable(report.target.address)}}}};
  const Json log = {{"$schema", kSchemaUri}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return result::dump(log, 2) + "\n";
}

}  // namespace relayproof::report
