#include "conformance/result/fingerprint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "conformance/result/expectations.h"

namespace relayproof::result {
namespace {

using verdict::kOptionCount;
using verdict::Option;

/// What each case shows of these holds for it alone, where no value holds for all. A right relay may have no single
/// one: its TLS library takes a leaf and an authority, an unreadable extension and a bad name, a revoked and an unknown
/// certificate in code of their own. In the order in which they are given up.
constexpr std::array kByCase = {Option::malformedSibling, Option::untrustedCertificate,
                                Option::extendedKeyUsage, Option::nameSyntax,
                                Option::revocation,       Option::commonNameUnderDnsConstraint};
using ByCase = std::span<const Option>;

std::size_t place(Option option) { return static_cast<std::size_t>(option); }

/// An explanation that has to hold, less what holds for its case alone.
struct Constraint {
  std::string id;
  Explanation explanation;

  bool concerns(std::size_t option) const {
    return std::any_of(explanation.begin(), explanation.end(),
                       [&](const Values& values) { return values[option] != kAnyValue; });
  }
};
using Constraints = std::vector<const Constraint*>;

bool meets(const Values& values, const Values& domain) {
  for (std::size_t i = 0; i < kOptionCount; ++i)
    if ((values[i] & domain[i]) == 0) return false;
  return true;
}

bool holdsWhole(const Values& values, const Values& domain) {
  for (std::size_t i = 0; i < kOptionCount; ++i)
    if ((domain[i] & ~values[i]) != 0) return false;
  return true;
}

/// Narrows the domain to what each constraint by itself leaves of it, until nothing changes; false: to nothing.
bool narrow(Values& domain, const Constraints& constraints) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Constraint* constraint : constraints) {
      Values left{};
      for (const Values& values : constraint->explanation)
        if (meets(values, domain))
          for (std::size_t i = 0; i < kOptionCount; ++i) left[i] = static_cast<std::uint8_t>(left[i] | values[i]);
      for (std::size_t i = 0; i < kOptionCount; ++i) {
        const auto narrowed = static_cast<std::uint8_t>(domain[i] & left[i]);
        if (narrowed == 0) return false;
        changed |= narrowed != domain[i];
        domain[i] = narrowed;
      }
    }
  }
  return true;
}

/// How many assignments of the options explain all; stops at the first that does where `any` will do.
std::uint64_t count(Values domain, const Constraints& constraints, const std::vector<std::size_t>& options, bool any) {
  if (!narrow(domain, constraints)) return 0;
  const auto open = std::find_if(constraints.begin(), constraints.end(), [&](const Constraint* constraint) {
    return std::none_of(constraint->explanation.begin(), constraint->explanation.end(),
                        [&](const Values& values) { return holdsWhole(values, domain); });
  });
  if (open == constraints.end()) {
    std::uint64_t product = 1;
    for (const std::size_t option : options) product *= static_cast<std::uint64_t>(std::popcount(domain[option]));
    return product;
  }
  const auto branch = *std::find_if(options.begin(), options.end(), [&](std::size_t option) {
    return (*open)->concerns(option) && !std::has_single_bit(domain[option]);
  });
  std::uint64_t sum = 0;
  for (unsigned bits = domain[branch]; bits != 0 && !(any && sum > 0); bits &= bits - 1) {
    Values narrower = domain;
    narrower[branch] = static_cast<std::uint8_t>(bits & -bits);
    sum += count(narrower, constraints, options, any);
  }
  return sum;
}

std::vector<std::size_t> optionsOf(const Constraints& constraints) {
  std::vector<std::size_t> options;
  for (std::size_t i = 0; i < kOptionCount; ++i)
    if (std::any_of(constraints.begin(), constraints.end(), [&](const Constraint* each) { return each->concerns(i); }))
      options.push_back(i);
  return options;
}

/// Constraints that share an option, directly or through others, stand together.
std::vector<Constraints> components(const std::vector<Constraint>& constraints) {
  std::vector<Constraints> groups;
  for (const Constraint& constraint : constraints) {
    Constraints joined = {&constraint};
    std::erase_if(groups, [&](const Constraints& group) {
      const std::vector<std::size_t> options = optionsOf(group);
      const bool shared =
          std::any_of(options.begin(), options.end(), [&](std::size_t option) { return constraint.concerns(option); });
      if (shared) joined.insert(joined.begin(), group.begin(), group.end());
      return shared;
    });
    groups.push_back(std::move(joined));
  }
  return groups;
}

/// Cases of a component that nothing explains together, while without any one of them something does.
std::vector<std::string> clash(const Constraints& constraints, const Values& inForce) {
  std::vector<std::string> ids;
  for (const Constraint* constraint : constraints)
    if (std::find(ids.begin(), ids.end(), constraint->id) == ids.end()) ids.push_back(constraint->id);
  Constraints left = constraints;
  for (const std::string& id : ids) {
    Constraints without = left;
    std::erase_if(without, [&](const Constraint* constraint) { return constraint->id == id; });
    if (count(inForce, without, optionsOf(without), true) == 0) left = std::move(without);
  }
  std::erase_if(ids, [&](const std::string& id) {
    return std::none_of(left.begin(), left.end(), [&](const Constraint* constraint) { return constraint->id == id; });
  });
  return ids;
}

/// What the fingerprint says of one option.
struct Told {
  std::uint8_t values = 0;
  std::vector<std::string> cases;

  void add(std::uint8_t more, const std::string& id) {
    values = static_cast<std::uint8_t>(values | more);
    if (cases.empty() || cases.back() != id) cases.push_back(id);
  }
};
using ToldByOption = std::array<Told, kOptionCount>;

std::uint8_t bitOf(Option option, std::string_view word) {
  const auto& values = verdict::optionTable()[place(option)].values;
  return static_cast<std::uint8_t>(1U << (std::find(values.begin(), values.end(), word) - values.begin()));
}

/// Where the case denies and with what reply.
void tellOfDenials(const CaseResult& result, ToldByOption& told) {
  if ((result.outcome != Outcome::pass && result.outcome != Outcome::observed) || result.sessions.empty()) return;
  for (const Transaction& transaction : result.sessions.back().transactions)
    for (const Recipient& recipient : transaction.recipients) {
      const Observed& observed = recipient.observed;
      if (!deniesByReply(observed)) continue;
      const std::string stage = observed.stage == "end-of-data" ? "endOfData" : observed.stage;
      if (stage == "mail" || stage == "rcpt" || stage == "data" || stage == "endOfData")
        told[place(Option::denyStage)].add(bitOf(Option::denyStage, stage), result.id);
      const bool vendors = observed.code == 550 && (observed.enhanced == "5.7.64" || observed.enhanced == "5.7.51");
      told[place(Option::denyReply)].add(bitOf(Option::denyReply, vendors ? "550-5.7.64" : "policy5xx"), result.id);
    }
}

void tellOfCase(const CaseResult& result, ByCase byCase, ToldByOption& told) {
  for (const Explanation& explanation : result.evidence)
    for (const Option option : byCase) {
      std::uint8_t values = 0;
      for (const Values& each : explanation) values = static_cast<std::uint8_t>(values | each[place(option)]);
      if (values != kAnyValue) told[place(option)].add(values, result.id);
    }
}

/// What a case that holds for itself alone leaves of an option. Whoever denies a certificate for its revocation asks
/// for lists, and whoever takes one that is revoked does not: that is one and the same everywhere, and only what
/// becomes of a certificate of which no list tells may differ.
std::uint8_t leftOf(Option option, std::uint8_t values) {
  const std::uint8_t require = bitOf(Option::revocation, "require"), ignore = bitOf(Option::revocation, "ignore");
  if (option != Option::revocation || values == kAnyValue || (values & (require | ignore)) == (require | ignore) ||
      (values != ignore && (values & require) == 0))
    return kAnyValue;
  return values == ignore ? ignore : static_cast<std::uint8_t>(require | bitOf(Option::revocation, "bestEffort"));
}

std::vector<Constraint> constraintsOf(const Report& report, ByCase byCase) {
  std::vector<Constraint> constraints;
  for (const CaseResult& result : report.results)
    for (Explanation explanation : result.evidence) {
      for (Values& values : explanation)
        for (const Option option : byCase) values[place(option)] = leftOf(option, values[place(option)]);
      explanation = simplified(std::move(explanation), report.inForce);
      if (!explanation.empty()) constraints.push_back({result.id, std::move(explanation)});
    }
  return constraints;
}

/// What constraints come to.
struct Reckoning {
  std::uint64_t assignments = 1;
  ToldByOption told;
  Constraints clashing;  ///< the first component that nothing explains
};

Reckoning reckon(const std::vector<Constraint>& constraints, const Values& inForce) {
  Reckoning reckoning;
  for (const Constraints& component : components(constraints)) {
    const std::vector<std::size_t> options = optionsOf(component);
    const std::uint64_t here = count(inForce, component, options, false);
    reckoning.assignments *= here;
    if (here == 0 && reckoning.clashing.empty()) reckoning.clashing = component;
    for (const std::size_t option : options) {
      Told& told = reckoning.told[option];
      for (const Constraint* constraint : component)
        if (constraint->concerns(option)) told.add(0, constraint->id);
      for (unsigned bits = inForce[option]; bits != 0; bits &= bits - 1) {
        Values narrower = inForce;
        narrower[option] = static_cast<std::uint8_t>(bits & -bits);
        if (count(narrower, component, options, true) > 0)
          told.values = static_cast<std::uint8_t>(told.values | narrower[option]);
      }
    }
  }
  return reckoning;
}

const CaseResult& resultOf(const Report& report, const std::string& id) {
  return *std::find_if(report.results.begin(), report.results.end(),
                       [&](const CaseResult& result) { return result.id == id; });
}

CaseResult contradiction(const Report& report, const Constraints& component) {
  const std::vector<std::string> ids = clash(component, report.inForce);
  Constraints needed = component;
  std::erase_if(needed, [&](const Constraint* constraint) {
    return std::find(ids.begin(), ids.end(), constraint->id) == ids.end();
  });
  CaseResult result;
  result.id = kContradiction;
  result.title = "the relay contradicts itself";
  result.since = "0.1";
  result.tier = "must";
  for (const std::size_t option : optionsOf(needed)) result.hangsOn.emplace_back(verdict::optionTable()[option].name);
  result.outcome = Outcome::fail;
  result.failure = Class::protocol;
  result.purpose = "Each of these answers is right by itself; no one rule gives them all.";
  std::vector<std::string> seen;
  for (const std::string& id : ids) {
    const CaseResult& one = resultOf(report, id);
    seen.push_back(fmt::format("{} ({})", id, observedAnswer(one)));
    result.again += result.again.empty() ? one.again : fmt::format(" --filter {}", id);
  }
  result.why = fmt::format("no value of {} explains together what was seen in {}", fmt::join(result.hangsOn, ", "),
                           fmt::join(seen, ", "));
  result.likely =
      "The relay decides alike cases by different rules: two pieces of code compare names, or one forgets a step.";
  result.checks = {{"one-rule-explains-all", false, result.why}};
  return result;
}

}  // namespace

void takeFingerprint(Report& report) {
  if (report.inForce == Values{}) return;
  std::erase_if(report.results, [](const CaseResult& result) { return result.id == kContradiction; });

  std::vector<Constraint> constraints = constraintsOf(report, {});
  Reckoning reckoning = reckon(constraints, report.inForce);
  std::size_t givenUp = 0;
  while (reckoning.assignments == 0 && givenUp < kByCase.size()) {
    constraints = constraintsOf(report, ByCase(kByCase).first(++givenUp));
    reckoning = reckon(constraints, report.inForce);
  }
  for (const CaseResult& result : report.results) tellOfCase(result, ByCase(kByCase).first(givenUp), reckoning.told);
  for (const CaseResult& result : report.results) tellOfDenials(result, reckoning.told);

  Json options = Json::object();
  for (std::size_t i = 0; i < kOptionCount; ++i) {
    const Told& told = reckoning.told[i];
    if (told.cases.empty()) continue;
    Values alone;
    alone.fill(kAnyValue);
    alone[i] = told.values;
    const std::string name(verdict::optionTable()[i].name);
    options[name] = {{"values", toJson(alone).at(name)}, {"cases", told.cases}};
  }
  report.fingerprint = {{"assignments", reckoning.assignments}, {"options", std::move(options)}};
  if (!reckoning.clashing.empty()) report.results.push_back(contradiction(report, reckoning.clashing));
}

}  // namespace relayproof::result
