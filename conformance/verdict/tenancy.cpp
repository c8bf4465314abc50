#include "conformance/verdict/tenancy.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "certs/identifiers.h"
#include "certs/mint.h"

namespace relayproof::verdict {
namespace {

constexpr std::string_view kPatternMend =
    "write a name of two or more labels such as mail.contoso.test, A-labels for other scripts, or *. before one";

Ipv4 maskOf(int prefix) { return ~Ipv4{0} << (32 - prefix); }

DomainPattern readPattern(const Node& node) {
  const std::string text = node.string();
  const auto parsed = DomainPattern::parse(text);
  if (!parsed.pattern)
    node.fail(fmt::format("\"{}\" is no domain pattern: it {}", certs::escaped(text), parsed.problem),
              std::string(kPatternMend));
  return *parsed.pattern;
}

DomainName readDomain(const Node& node) {
  const std::string text = node.string();
  const auto name = DomainName::parse(text);
  if (!name)
    node.fail(fmt::format("\"{}\" is no domain name: it {}", certs::escaped(text), faultOfName(text)),
              "write a name of two or more labels such as contoso.test, A-labels for other scripts");
  if (name->labelCount() < 2)
    node.fail(fmt::format("\"{}\" is a single label", text), "write a domain of two or more labels");
  return *name;
}

AddressRange readRange(const Node& node) {
  const std::string text = node.string();
  const std::size_t slash = text.find('/');
  const auto address = parseIpv4(std::string_view(text).substr(0, slash));
  int prefix = slash == std::string::npos ? 32 : 0;
  if (slash != std::string::npos && text.size() == slash + 3 &&
      std::all_of(text.end() - 2, text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    prefix = (text[slash + 1] - '0') * 10 + (text[slash + 2] - '0');
  if (!address || prefix < 24 || prefix > 32)
    node.fail(fmt::format("\"{}\" is no IPv4 address or range from /24 to /32", text),
              "write 192.0.2.5 or 192.0.2.0/24; split a larger range into several of /24");
  return {*address & maskOf(prefix), prefix};
}

AcceptedDomain readAcceptedDomain(const Node& node) {
  node.allowOnly({"name", "type", "matchSubDomains"});
  AcceptedDomain domain{.name = readDomain(node.at("name"))};
  if (const auto type = node.find("type"))
    domain.type = type->choice<AcceptedDomainType>(
        {{"Authoritative", AcceptedDomainType::authoritative}, {"InternalRelay", AcceptedDomainType::internalRelay}});
  domain.matchSubDomains = node.booleanOr("matchSubDomains", false);
  if (domain.matchSubDomains && domain.type == AcceptedDomainType::authoritative)
    node.at("matchSubDomains")
        .fail("an Authoritative domain has no subdomains that match",
              "give the domain the type InternalRelay, or leave matchSubDomains out");
  return domain;
}

void readSenderDomains(const Node& node, InboundConnector& connector) {
  connector.everySenderDomain = false;
  const auto domains = node.array();
  if (domains.empty()) node.fail("names no domain", "leave it out, or write \"*\" for every domain");
  for (const Node& domain : domains) {
    if (domain.string() == "*") {
      connector.everySenderDomain = true;
    } else {
      connector.senderDomains.push_back(readPattern(domain));
    }
  }
}

InboundConnector readConnector(const Node& node) {
  node.allowOnly({"name", "enabled", "connectorType", "tlsSenderCertificateName", "senderIPAddresses", "requireTls",
                  "restrictDomainsToCertificate", "restrictDomainsToIPAddresses", "senderDomains",
                  "associatedAcceptedDomains"});
  InboundConnector connector;
  connector.name = node.at("name").string();
  if (connector.name.empty()) node.at("name").fail("is empty", "give the connector a name");
  connector.enabled = node.booleanOr("enabled", true);
  if (const auto type = node.find("connectorType"))
    connector.type =
        type->choice<ConnectorType>({{"OnPremises", ConnectorType::onPremises}, {"Partner", ConnectorType::partner}});
  if (const auto name = node.find("tlsSenderCertificateName"); name && !name->string().empty())
    connector.tlsSenderCertificateName = readPattern(*name);
  if (const auto ranges = node.find("senderIPAddresses"))
    for (const Node& range : ranges->array()) connector.senderIPAddresses.push_back(readRange(range));
  connector.requireTls = node.booleanOr("requireTls", false);
  connector.restrictDomainsToCertificate = node.booleanOr("restrictDomainsToCertificate", false);
  connector.restrictDomainsToIPAddresses = node.booleanOr("restrictDomainsToIPAddresses", false);
  if (const auto domains = node.find("senderDomains")) readSenderDomains(*domains, connector);
  if (const auto domains = node.find("associatedAcceptedDomains"))
    for (const Node& domain : domains->array()) connector.associatedAcceptedDomains.push_back(readDomain(domain));

  const bool named = connector.tlsSenderCertificateName.has_value();
  const bool addressed = !connector.senderIPAddresses.empty();
  if (connector.type == ConnectorType::onPremises && named && addressed)
    node.fail("an OnPremises connector has tlsSenderCertificateName or senderIPAddresses, not both",
              "make two connectors of it");
  if (connector.type == ConnectorType::onPremises && !named && !addressed)
    node.fail("an OnPremises connector needs tlsSenderCertificateName or senderIPAddresses",
              "give it one of the two, so that it can recognise the peer");
  return connector;
}

Tenant readTenant(const Node& node) {
  node.allowOnly({"id", "acceptedDomains", "inboundConnectors"});
  Tenant tenant;
  tenant.id = node.at("id").string();
  if (tenant.id.empty()) node.at("id").fail("is empty", "give the tenant an id");
  if (const auto domains = node.find("acceptedDomains"))
    for (const Node& domain : domains->array()) tenant.acceptedDomains.push_back(readAcceptedDomain(domain));
  if (const auto connectors = node.find("inboundConnectors")) {
    std::set<std::string> names;
    for (const Node& connector : connectors->array()) {
      tenant.inboundConnectors.push_back(readConnector(connector));
      if (const std::string& name = tenant.inboundConnectors.back().name; !names.insert(name).second)
        connector.at("name").fail(fmt::format("two connectors of this tenant are named \"{}\"", name), "rename one");
    }
  }
  return tenant;
}

void refuseSharedDomains(const std::vector<Node>& nodes, const std::vector<Tenant>& tenants) {
  std::map<DomainName, std::string> owners;
  for (std::size_t i = 0; i < tenants.size(); ++i) {
    for (std::size_t j = 0; j < tenants[i].acceptedDomains.size(); ++j) {
      const auto& [owner, isNew] = owners.emplace(tenants[i].acceptedDomains[j].name, tenants[i].id);
      if (isNew) continue;
      nodes[i]
          .at("acceptedDomains")
          .array()[j]
          .at("name")
          .fail(
              fmt::format("\"{}\" is already an accepted domain of tenant \"{}\"", owner->first.text(), owner->second),
              "a domain belongs to one tenant, once: remove it here or there");
    }
  }
}

// An entry of trustAnchors: a file, relative to the tenancy, or the PEM text itself.
std::vector<std::string> readTrustAnchor(const Node& node) {
  const std::string entry = node.string();
  const auto certificates = [&](const std::string& text, const std::string& place) {
    auto ders = certs::certificatesFromPem(text, place);
    if (!ders) node.fail(ders.error().text(), "name a PEM file of CA certificates, or write the PEM text itself");
    return *ders;
  };
  if (entry.find("-----BEGIN") != std::string::npos) return certificates(entry, node.place());
  const auto file = (std::filesystem::path(node.place()).parent_path() / entry).string();
  const auto text = readFile(file);
  if (!text) node.fail(text.error().text(), "name a PEM file, relative to the folder of this document");
  return certificates(*text, file);
}

// Further keys belong to a plan; one that nearly has a name known here is a slip of the pen.
void refuseMisspelled(const Node& root) {
  const std::vector<std::string_view> known{"tenants", "trustAnchors"};
  for (const auto& [name, node] : root.members()) {
    const auto near = nearest(name, known);
    if (near && *near != name) node.fail("unknown key", fmt::format("did you mean \"{}\"?", *near));
  }
}

}  // namespace

std::optional<Ipv4> parseIpv4(std::string_view text) {
  Ipv4 address = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos || end == 0 || end > 3 || (end > 1 && text[0] == '0')) return std::nullopt;
    unsigned value = 0;
    for (const char c : text.substr(0, end)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value > 255) return std::nullopt;
    address = address << 8 | value;
    text.remove_prefix(part < 3 ? end + 1 : end);
  }
  return address;
}

bool AddressRange::contains(Ipv4 address) const { return (address & maskOf(prefix)) == network; }

Tenancy readTenancy(const Node& root) {
  refuseMisspelled(root);
  const auto nodes = root.at("tenants").array();
  Tenancy tenancy;
  std::set<std::string> ids;
  for (const Node& node : nodes) {
    tenancy.tenants.push_back(readTenant(node));
    if (const std::string& id = tenancy.tenants.back().id; !ids.insert(id).second)
      node.at("id").fail(fmt::format("two tenants have the id \"{}\"", id), "rename one");
  }
  refuseSharedDomains(nodes, tenancy.tenants);
  if (const auto anchors = root.find("trustAnchors"))
    for (const Node& entry : anchors->array())
      for (std::string& der : readTrustAnchor(entry)) tenancy.trustAnchors.push_back(std::move(der));
  return tenancy;
}

Expected<Tenancy> loadTenancy(const std::string& file) { return readDocumentFile(file, readTenancy); }

}  // namespace relayproof::verdict
