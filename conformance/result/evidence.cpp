#include "conformance/result/evidence.h"

#include <algorithm>
#include <optional>

#include "conformance/result/denial.h"
#include "conformance/result/judge.h"

namespace relayproof::result {
namespace {

using verdict::Wire;

std::optional<Wire> wireOf(const std::string& verdict) {
  if (verdict == "accept") return Wire::accept;
  if (verdict == "deny") return Wire::deny;
  if (verdict == "refuse-tls") return Wire::refuseTls;
  return std::nullopt;
}

/// One refusal for several recipients says of none of them that it was meant.
bool meant(const Recipient& recipient, const Transaction& transaction) {
  const Observed& observed = recipient.observed;
  return observed.verdict != "deny" ||
         (deniesByReply(observed) && (observed.stage == "rcpt" || transaction.recipients.size() == 1));
}

bool gives(const verdict::Way& way, Wire wire, const Observed& observed) {
  return onTheWire(way.verdict) == wire && (!observed.tenant || !way.tenant || observed.tenant == way.tenant);
}

Values valuesOf(const verdict::Way& way) {
  Values values;
  values.fill(kAnyValue);
  for (const auto& [option, value] : way.choices)
    values[static_cast<std::size_t>(option)] = static_cast<std::uint8_t>(1U << value);
  return values;
}

/// Two that differ in one option are one; nullopt: they differ in more.
std::optional<Values> merged(const Values& a, const Values& b) {
  Values both = a;
  int different = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) {
      ++different;
      both[i] = static_cast<std::uint8_t>(a[i] | b[i]);
    }
  return different <= 1 ? std::optional(both) : std::nullopt;
}

void widen(Values& values, const Values& inForce) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if ((values[i] & inForce[i]) == inForce[i]) values[i] = kAnyValue;
}

bool mergeOnce(Explanation& explanation, const Values& inForce) {
  for (std::size_t i = 0; i < explanation.size(); ++i)
    for (std::size_t j = i + 1; j < explanation.size(); ++j)
      if (auto both = merged(explanation[i], explanation[j])) {
        widen(*both, inForce);
        explanation[i] = *both;
        explanation.erase(explanation.begin() + static_cast<std::ptrdiff_t>(j));
        return true;
      }
  return false;
}

}  // namespace

bool deniesByReply(const Observed& observed) {
  return observed.verdict == "deny" && classify(observed.code, observed.enhanced, false) == Refusal::denial;
}

Explanation simplified(Explanation explanation, const Values& inForce) {
  for (Values& values : explanation) widen(values, inForce);
  while (mergeOnce(explanation, inForce)) {
  }
  const auto anything = [](const Values& values) {
    return std::all_of(values.begin(), values.end(), [](std::uint8_t value) { return value == kAnyValue; });
  };
  if (std::any_of(explanation.begin(), explanation.end(), anything)) return {};
  return explanation;
}

std::vector<Explanation> evidenceOf(const CaseResult& result, const Circumstances& circumstances,
                                    const std::vector<std::vector<std::vector<verdict::Way>>>& ways,
                                    const Values& inForce) {
  if ((result.outcome != Outcome::pass && result.outcome != Outcome::observed) || result.sessions.empty()) return {};
  const Session& session = result.sessions.back();
  const bool smuggles = std::any_of(session.transactions.begin(), session.transactions.end(),
                                    [](const Transaction& transaction) { return transaction.smuggled; });
  if (session.resumed || smuggles) return {};
  const bool twinMissing = circumstances.twinNeeded && !circumstances.twinAccepted.value_or(false);

  std::vector<Explanation> evidence;
  for (std::size_t t = 0; t < session.transactions.size() && t < ways.size(); ++t) {
    const Transaction& transaction = session.transactions[t];
    for (std::size_t r = 0; r < transaction.recipients.size() && r < ways[t].size(); ++r) {
      const Recipient& recipient = transaction.recipients[r];
      const std::optional<Wire> wire = wireOf(verdictOf(recipient.observed, circumstances));
      if (!wire || !meant(recipient, transaction) || (twinMissing && wire != Wire::accept)) continue;
      Explanation explanation;
      for (const verdict::Way& way : ways[t][r])
        if (gives(way, *wire, recipient.observed)) explanation.push_back(valuesOf(way));
      explanation = simplified(std::move(explanation), inForce);
      if (!explanation.empty()) evidence.push_back(std::move(explanation));
    }
  }
  return evidence;
}

Json toJson(const Values& values) {
  Json json = Json::object();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == kAnyValue) continue;
    const verdict::OptionInfo& option = verdict::optionTable()[i];
    Json& words = json[std::string(option.name)] = Json::array();
    for (std::size_t value = 0; value < option.values.size(); ++value)
      if ((values[i] >> value & 1) != 0) words.push_back(option.values[value]);
  }
  return json;
}

Values valuesFrom(const Node& node) {
  Values values;
  values.fill(kAnyValue);
  const auto& table = verdict::optionTable();
  for (const auto& [name, words] : node.members()) {
    const auto option = std::find_if(table.begin(), table.end(), [&](const auto& each) { return each.name == name; });
    if (option == table.end()) words.fail("is no option");
    std::uint8_t& bits = values[static_cast<std::size_t>(option - table.begin())] = 0;
    for (const Node& word : words.array()) {
      const auto value = std::find(option->values.begin(), option->values.end(), word.string());
      if (value == option->values.end()) word.fail("is no value of that option");
      bits = static_cast<std::uint8_t>(bits | 1U << (value - option->values.begin()));
    }
  }
  return values;
}

}  // namespace relayproof::result
