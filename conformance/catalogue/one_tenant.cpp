// A gateway with a single tenant: the domains and connectors of every family under one id. What a case asks of several
// tenants is then another question; such a case is dropped by name, and never asked with a verdict bent to fit.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "conformance/catalogue/compute.h"
#include "conformance/catalogue/dialogue.h"
#include "conformance/catalogue/family.h"

namespace relayproof::catalogue {
namespace {

Json merged(const Json& tenancy) {
  Json one = {{"id", kOnlyTenant}, {"acceptedDomains", Json::array()}, {"inboundConnectors", Json::array()}};
  for (const Json& tenant : tenancy.at("tenants")) {
    for (const Json& domain : tenant.value("acceptedDomains", Json::array())) one["acceptedDomains"].push_back(domain);
    for (Json connector : tenant.value("inboundConnectors", Json::array())) {
      connector["name"] =
          fmt::format("{}: {}", tenant.at("id").get<std::string>(), connector.at("name").get<std::string>());
      one["inboundConnectors"].push_back(std::move(connector));
    }
  }
  return Json{{"tenants", Json::array({std::move(one)})}};
}

// The labels of tenants that are no more become the paths that they stand for; tokens are filled in later, as ever.
void writeOutPaths(Case& one, const Catalogue& catalogue, const Bindings& bindings) {
  const auto writtenOut = [&](std::string& label, bool asSender) {
    if (label.starts_with(kLocal)) label = address(catalogue, bindings, label, asSender, "{token}");
  };
  for (TransactionPlan& transaction : one.transactions) {
    writtenOut(transaction.sender, true);
    writtenOut(transaction.header, true);
    for (std::string& recipient : transaction.recipients) writtenOut(recipient, false);
  }
}

void renameTenants(Case& one) {
  for (auto& [profile, transactions] : one.expect)
    for (auto& recipients : transactions)
      for (ExpectedAnswers& answers : recipients)
        for (ExpectedAnswer& answer : answers)
          if (answer.tenant) answer.tenant = kOnlyTenant;
}

std::set<std::string> verdicts(const verdict::Acceptable& acceptable) {
  std::set<std::string> words;
  for (const verdict::Decision& answer : acceptable.answers) words.emplace(verdict::name(answer.verdict));
  return words;
}

// What changes for a case, said of the first recipient of whom it does; empty when all stays the same.
std::string change(const Case& one, const AcceptableAnswers& before, const AcceptableAnswers& after) {
  for (std::size_t t = 0; t < before.size(); ++t)
    for (std::size_t r = 0; r < before[t].size(); ++r)
      if (const auto was = verdicts(before[t][r]), is = verdicts(after[t][r]); was != is)
        return fmt::format("in one tenant {} has {} and no longer {}", one.transactions[t].recipients[r],
                           fmt::join(is, " or "), fmt::join(was, " or "));
  return {};
}

// A denial whose twin is gone proves nothing, and neither does one whose twin's twin is.
void dropWithoutTwin(std::vector<Case>& cases, std::vector<Dropped>& dropped) {
  const auto lost = [&](const Case& one) -> const Dropped* {
    for (const auto& [profile, twin] : one.twin)
      for (const Dropped& gone : dropped)
        if (gone.id == twin) return &gone;
    return nullptr;
  };
  for (auto one = cases.begin(); one != cases.end();) {
    if (const Dropped* twin = lost(*one)) {
      dropped.push_back({one->id, fmt::format("its twin {} is dropped", twin->id)});
      cases.erase(one);
      one = cases.begin();
    } else {
      ++one;
    }
  }
}

}  // namespace

OneTenant inOneTenant(const Catalogue& catalogue, const std::vector<const Case*>& cases, const certs::Mint& mint,
                      const Bindings& bindings, const verdict::Profile& profile, std::int64_t at) {
  const auto all = withTwins(catalogue, cases);
  OneTenant one{catalogue, {}};
  one.catalogue.tenancy = merged(tenancyOf(catalogue, all));
  for (Family& family : one.catalogue.families) family.tenants = {std::string(kOnlyTenant)};
  one.catalogue.cases.clear();

  const auto read = [&](const Json& tenancy) {
    const Json filledIn = withAddresses(tenancy, boundAddresses(catalogue, bindings));
    return verdict::readTenancy(Node(filledIn, "plan", {}));
  };
  const verdict::Tenancy before = read(catalogue.tenancy), after = read(one.catalogue.tenancy);
  certs::ChainVerifier verifier(mint.trustAnchors());
  for (const Case* original : all) {
    const Peers peers = peersOf(*original, fixtureOf(*original, mint, at), catalogue, mint, verifier, bindings, at);
    Case copy = *original;
    writeOutPaths(copy, catalogue, bindings);
    renameTenants(copy);
    const std::string changed = change(*original, acceptableFor(catalogue, *original, peers, before, bindings, profile),
                                       acceptableFor(one.catalogue, copy, peers, after, bindings, profile));
    if (changed.empty())
      one.catalogue.cases.push_back(std::move(copy));
    else
      one.dropped.push_back({original->id, changed});
  }
  dropWithoutTwin(one.catalogue.cases, one.dropped);
  return one;
}

}  // namespace relayproof::catalogue
