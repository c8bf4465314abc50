#include "conformance/catalogue/lists.h"

#include <fmt/format.h>

namespace relayproof::catalogue {

std::map<std::string, ServedList> servedLists(const Catalogue& catalogue, const certs::Mint& mint) {
  std::map<std::string, ServedList> served;
  for (const auto& [name, plan] : catalogue.lists) {
    std::string octets = plan.octets;
    if (!plan.by.empty()) octets = mint.crl(plan.by, Node(plan.list, plan.place, "lists." + name));
    served.emplace(fmt::format("/{}.crl", name), ServedList{plan.served, std::move(octets)});
  }
  return served;
}

certs::ByUri listsByUri(const Catalogue& catalogue, const certs::Mint& mint) {
  certs::ByUri lists;
  for (auto& [path, list] : servedLists(catalogue, mint))
    if (list.served == "whole") lists.emplace(fmt::format("http://{}{}", mint.crlAddress(), path), list.octets);
  return lists;
}

}  // namespace relayproof::catalogue
