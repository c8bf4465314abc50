#include <algorithm>
#include <set>

#include "conformance/catalogue/compute.h"
#include "conformance/catalogue/family.h"

namespace relayproof::catalogue {
namespace {

std::size_t membersOf(const Json& tenants, const char* key) {
  std::size_t count = 0;
  for (const Json& tenant : tenants)
    if (const auto found = tenant.find(key); found != tenant.end()) count += found->size();
  return count;
}

// A tenant of whom nothing is said but his id comes with a reload, or is gone after it.
bool isThere(const Json& tenant) { return tenant.contains("acceptedDomains") || tenant.contains("inboundConnectors"); }

}  // namespace

std::vector<const Case*> withTwins(const Catalogue& catalogue, const std::vector<const Case*>& cases) {
  std::set<const Case*> wanted(cases.begin(), cases.end());
  std::vector<const Case*> open = cases;
  while (!open.empty()) {
    const Case* one = open.back();
    open.pop_back();
    for (const auto& [profile, id] : one->twin)
      if (const Case* twin = catalogue.find(id); wanted.insert(twin).second) open.push_back(twin);
  }
  std::vector<const Case*> inOrder;
  for (const Case& one : catalogue.cases)
    if (wanted.contains(&one)) inOrder.push_back(&one);
  return inOrder;
}

Json tenancyOf(const Catalogue& catalogue, const std::vector<const Case*>& cases) {
  std::set<std::string> wanted;
  for (const Case* one : cases) {
    const auto& tenants = catalogue.family(one->family)->tenants;
    wanted.insert(tenants.begin(), tenants.end());
  }
  Json tenants = Json::array();
  for (const Json& tenant : catalogue.tenancy.at("tenants"))
    if (isThere(tenant) && wanted.contains(tenant.at("id").get<std::string>())) tenants.push_back(tenant);
  return Json{{"tenants", std::move(tenants)}};
}

std::map<std::string, std::string> boundAddresses(const Catalogue& catalogue, const Bindings& bindings) {
  std::map<std::string, std::string> bound;
  for (const auto& entry : catalogue.addresses) bound[entry.first] = clientAddress(catalogue, bindings, entry.first);
  return bound;
}

Json planThen(const Catalogue& catalogue, Json plan, const Bindings& bindings) {
  const Json then = withAddresses(Json{{"tenants", catalogue.tenantsThen}}, boundAddresses(catalogue, bindings));
  auto& tenants = plan.at("tenants").get_ref<Json::array_t&>();
  for (const Json& changed : then.at("tenants")) {
    const auto before = std::find_if(tenants.begin(), tenants.end(),
                                     [&](const Json& tenant) { return tenant.at("id") == changed.at("id"); });
    if (before != tenants.end()) tenants.erase(before);
    if (isThere(changed)) tenants.push_back(changed);
  }
  return plan;
}

Json plan(const Catalogue& catalogue, const std::vector<const Case*>& cases, const certs::Mint& mint,
          const Bindings& bindings, const std::string& profile) {
  const std::vector<const Case*> all = withTwins(catalogue, cases);
  const std::map<std::string, std::string> bound = boundAddresses(catalogue, bindings);
  const Json tenants = withAddresses(tenancyOf(catalogue, all), bound).at("tenants");

  Json addresses;
  addresses[std::string(kStranger)] = bound.at(std::string(kStranger));
  for (const Case* one : all) {
    addresses[one->address] = bound.at(one->address);
    if (one->beside) addresses[one->beside->address] = bound.at(one->beside->address);
  }
  Json anchors = Json::array();
  for (const std::string& der : mint.trustAnchors()) anchors.push_back(certs::pem("CERTIFICATE", der));

  Json plan;
  plan["schema"] = "relayproof.plan/1";
  plan["profile"] = profile;
  plan["catalogue"] = catalogue.digest;
  plan["counts"] = {{"cases", all.size()},
                    {"tenants", tenants.size()},
                    {"domains", membersOf(tenants, "acceptedDomains")},
                    {"connectors", membersOf(tenants, "inboundConnectors")},
                    {"addresses", addresses.size()}};
  plan["tenants"] = tenants;
  plan["trustAnchors"] = anchors;
  plan["addresses"] = addresses;
  plan["routes"] = {{"relayed", "to the next-hop sink of the run (setup nextHop)"},
                    {"accepted", "mail for accepted domains to the local-hop sink (setup localHop)"}};
  plan["recipients"] = {{"external", address(catalogue, bindings, "external", false, "{token}")}};
  plan["tenantHeader"] = "X-Tenant";
  return plan;
}

}  // namespace relayproof::catalogue
