#include "conformance/result/expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "certs/blueprint.h"
#include "certs/glob.h"

namespace relayproof::result {
namespace {

constexpr std::string_view kExpectationsSchema = "relayproof.expectations/1";

bool isDate(const std::string& text) { return certs::parseTime(text + "T00:00:00Z").has_value(); }

/// As observedAnswer() gives them.
bool isObservedAnswer(std::string_view text) {
  constexpr std::array<std::string_view, 8> kVerdicts{"accept", "deny",    "defer",          "refuse-tls",
                                                      "drop",   "timeout", "protocol-error", "not-reached"};
  while (true) {
    const std::string_view word = text.substr(0, text.find(", "));
    if (!word.starts_with("check ") && std::find(kVerdicts.begin(), kVerdicts.end(), word) == kVerdicts.end())
      return false;
    if (word.size() == text.size()) return true;
    text.remove_prefix(word.size() + 2);
  }
}

Expectation expectationFrom(const Node& node, std::string_view today) {
  node.allowOnly({"id", "profile", "outcome", "observed", "reason", "link", "until"});
  Expectation expectation;
  expectation.id = node.at("id").string();
  if (const auto profile = node.find("profile")) expectation.profile = profile->string();
  if (const Node outcome = node.at("outcome"); outcome.string() != "fail")
    outcome.fail("only a fail can be expected", "write \"fail\", or declare the missing capability with `without`");
  expectation.observed = node.at("observed").string();
  if (!isObservedAnswer(expectation.observed))
    node.at("observed")
        .fail("is no answer of a relay", "pin what the report says, such as \"accept\" or \"accept, deny\"");
  expectation.reason = node.at("reason").string();
  if (expectation.reason.find_first_not_of(" \t") == std::string::npos)
    node.at("reason").fail("is empty", "say why this relay may answer so");
  expectation.link = node.stringOr("link", "");
  if (const auto until = node.find("until")) {
    expectation.until = until->string();
    if (!isDate(*expectation.until)) until->fail("is no date", "write it as 2027-01-31");
    if (*expectation.until < today) until->fail("is past", "mend the relay, or decide anew until when this may stand");
  }
  expectation.place = node.place() + ": " + node.key();
  return expectation;
}

/// What is known of a case is known of it in every guise ("ID~guise"), where it may pass.
bool concerns(const Expectation& expectation, const CaseResult& result, const std::string& profile) {
  if (expectation.profile && *expectation.profile != profile) return false;
  const bool inGuise = result.outcome == Outcome::fail && result.id.find('~') != std::string::npos;
  return globMatches(expectation.id, result.id) ||
         (inGuise && globMatches(expectation.id, std::string_view(result.id).substr(0, result.id.find('~'))));
}

bool isOpenRelay(const CaseResult& result) {
  return result.failure == Class::hole && result.outcome == Outcome::fail &&
         std::find(result.tags.begin(), result.tags.end(), "control") != result.tags.end();
}

/// The expectation that pins what was seen, else any that names the case.
const Expectation* expectationFor(const std::vector<Expectation>& expectations, const CaseResult& result,
                                  const std::string& profile) {
  const Expectation* named = nullptr;
  for (const Expectation& expectation : expectations) {
    if (!concerns(expectation, result, profile)) continue;
    if (expectation.observed == observedAnswer(result)) return &expectation;
    if (!named) named = &expectation;
  }
  return named;
}

}  // namespace

Expected<std::vector<Expectation>> readExpectations(std::string_view text, const std::string& place,
                                                    std::string_view today) {
  return readDocument(text, place, [&](const Node& root) {
    root.allowOnly({"$schema", "schema", "expectations"});
    if (const Node schema = root.at("schema"); schema.string() != kExpectationsSchema)
      schema.fail("is not known", fmt::format("write \"{}\"", kExpectationsSchema));
    std::vector<Expectation> expectations;
    for (const Node& node : root.at("expectations").array()) expectations.push_back(expectationFrom(node, today));
    return expectations;
  });
}

std::string observedAnswer(const CaseResult& result) {
  std::vector<std::string> words;
  const auto add = [&](std::string word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  };
  if (!result.sessions.empty())
    for (const Transaction& transaction : result.sessions.back().transactions)
      for (const Recipient& recipient : transaction.recipients) add(recipient.observed.verdict);
  for (const Check& check : result.checks)
    if (!check.ok) add("check " + check.name);
  if (words.empty() && !result.sessions.empty()) {
    const std::string& how = result.sessions.back().end.how;
    add(how == "dropped" ? "drop" : how == "timeout" || how == "protocol-error" ? how : "not-reached");
  }
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::optional<Error> apply(const std::vector<Expectation>& expectations, Report& report, bool whole) {
  for (const Expectation& expectation : expectations) {
    if (expectation.profile && *expectation.profile != report.profile) continue;
    const auto matched = [&](const CaseResult& result) { return concerns(expectation, result, report.profile); };
    if (whole && std::none_of(report.results.begin(), report.results.end(), matched))
      return Error(expectation.place, "id", fmt::format("\"{}\" matches no selected case", expectation.id),
                   "take the entry out, or select the case");
    if (std::any_of(report.results.begin(), report.results.end(),
                    [&](const CaseResult& result) { return matched(result) && isOpenRelay(result); }))
      return Error(expectation.place, "id", "an open relay cannot be waived", "close the relay");
  }
  for (CaseResult& result : report.results) {
    const Expectation* expectation = expectationFor(expectations, result, report.profile);
    if (!expectation) continue;
    if (result.outcome == Outcome::pass) {
      result.outcome = Outcome::xpass;
      result.why =
          fmt::format("expected to fail ({}) and passes: take the entry out; {}", expectation->reason, result.why);
    } else if (result.outcome == Outcome::fail && expectation->observed == observedAnswer(result)) {
      result.outcome = Outcome::xfail;
      result.why += "; expected: " + expectation->reason;
    } else if (result.outcome == Outcome::fail) {
      result.why += fmt::format("; expected to answer \"{}\", and answered \"{}\"", expectation->observed,
                                observedAnswer(result));
    }
  }
  return std::nullopt;
}

Json expectationsOf(const Report& report, const std::vector<Expectation>& before) {
  Json entries = Json::array();
  for (const CaseResult& result : report.results) {
    if ((result.outcome != Outcome::fail && result.outcome != Outcome::xfail) || isOpenRelay(result)) continue;
    const Expectation* known =
        result.outcome == Outcome::xfail ? expectationFor(before, result, report.profile) : nullptr;
    Json entry = {{"id", result.id},
                  {"profile", report.profile},
                  {"outcome", "fail"},
                  {"observed", observedAnswer(result)},
                  {"reason", known ? known->reason : ""}};
    if (known && !known->link.empty()) entry["link"] = known->link;
    if (known && known->until) entry["until"] = *known->until;
    entries.push_back(std::move(entry));
  }
  return {{"schema", kExpectationsSchema}, {"expectations", std::move(entries)}};
}

}  // namespace relayproof::result
