// A gateway with a single tenant: the domains and connectors of every family under one id. What a case asks of several
// tenants is then another question; such a case is dropped by name, and never asked with a verdict bent to fit.
#include <fmt/format.h>

#include "conformance/catalogue/compute.h"
#include "conformance/catalogue/dialogue.h"
#include "conformance/catalogue/recast.h"

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

}  // namespace

Recast inOneTenant(const Catalogue& catalogue, const std::vector<const Case*>& cases, const certs::Mint& mint,
                   const Bindings& bindings, const verdict::Profile& profile, std::int64_t at) {
  Catalogue next = catalogue;
  next.tenancy = merged(tenancyOf(catalogue, withTwins(catalogue, cases)));
  for (Family& family : next.families) family.tenants = {std::string(kOnlyTenant)};
  const auto rewrite = [&](Case& one) -> std::optional<std::string> {
    writeOutPaths(one, catalogue, bindings);
    renameTenants(one);
    return std::nullopt;
  };
  return recast({catalogue, mint, bindings}, {next, mint, bindings}, cases, rewrite, profile, at, "in one tenant");
}

}  // namespace relayproof::catalogue
