// The catalogue with domains and an issuer of the operator's own in the place of the reserved ones and of our root.
#include "conformance/catalogue/dialogue.h"
#include "conformance/catalogue/recast.h"

namespace relayproof::catalogue {
namespace {

std::string mapped(const certs::DomainMap& domains, const std::string& text) {
  return domains.applied(Json(text)).get<std::string>();
}

void mapPaths(const certs::DomainMap& domains, TransactionPlan& transaction) {
  for (std::string* text : {&transaction.sender, &transaction.mailParameters, &transaction.recipientParameters,
                            &transaction.header, &transaction.body})
    *text = mapped(domains, *text);
  for (auto* texts : {&transaction.recipients, &transaction.extraHeaders})
    for (std::string& text : *texts) text = mapped(domains, text);
}

// Octets that a BDAT step counts are counted in the step itself.
std::optional<std::string> mapSteps(const certs::DomainMap& domains, std::vector<Json>& steps) {
  for (Json& step : steps) {
    const Json before = step;
    step = domains.applied(step);
    if (step != before && before.dump().find("BDAT ") != std::string::npos)
      return "the octets of a chunk are counted in its dialogue";
  }
  return std::nullopt;
}

// nullopt where the certificate is still about the same.
std::optional<std::string> mapBlueprint(const certs::DomainMap& domains, Json& blueprint) {
  const Json before = blueprint;
  blueprint = domains.applied(before);
  return domains.broken(before, blueprint);
}

std::optional<std::string> mapCase(const certs::DomainMap& domains, Case& one) {
  if (auto broken = mapBlueprint(domains, one.blueprint)) return broken;
  if (one.earlier)
    if (auto broken = mapBlueprint(domains, one.earlier->blueprint)) return broken;
  if (one.beside)
    if (auto broken = mapBlueprint(domains, one.beside->blueprint)) return broken;
  one.ehlo = mapped(domains, one.ehlo);
  one.sni = mapped(domains, one.sni);
  for (TransactionPlan& transaction : one.transactions) mapPaths(domains, transaction);
  return mapSteps(domains, one.steps);
}

}  // namespace

std::optional<Error> unknownDomain(const Catalogue& catalogue, const certs::DomainMap& domains) {
  Json texts = Json::array({catalogue.tenancy, kUsualForeign, kUsualExternal});
  for (const Case& one : catalogue.cases) {
    texts.push_back(one.blueprint);
    texts.push_back(one.steps);
    for (const TransactionPlan& transaction : one.transactions)
      texts.push_back({transaction.sender, transaction.header, transaction.recipients});
  }
  return domains.faultIn({&texts});
}

Bindings inDomains(Bindings bindings, const certs::DomainMap& domains) {
  if (domains.empty()) return bindings;
  bindings.senders.emplace(kForeign, mapped(domains, std::string(kUsualForeign)));
  bindings.recipients.emplace(kExternal, mapped(domains, std::string(kUsualExternal)));
  return bindings;
}

Recast ofOperator(const World& before, const certs::DomainMap& domains, const certs::Mint& mint,
                  const std::vector<const Case*>& cases, const verdict::Profile& profile, std::int64_t at) {
  Catalogue next = before.catalogue;
  next.tenancy = domains.applied(before.catalogue.tenancy);
  const Bindings bindings = inDomains(before.bindings, domains);
  const auto rewrite = [&](Case& one) -> std::optional<std::string> {
    if (one.fixture && mint.isAboutMissingRoot(one.blueprint))
      return "it is about the root, and the issuer given is below one";
    return mapCase(domains, one);
  };
  return recast(before, {next, mint, bindings}, cases, rewrite, profile, at,
                domains.empty() ? "under this issuer" : "in these domains");
}

}  // namespace relayproof::catalogue
