#include "conformance/catalogue/needs.h"

#include <algorithm>

#include "conformance/catalogue/dialogue.h"
#include "conformance/catalogue/family.h"

namespace relayproof::catalogue {
namespace {

using verdict::AddressRange;
using verdict::ConnectorType;
using verdict::DomainName;
using verdict::InboundConnector;
using verdict::Tenant;

// A blueprint's texts, loosely: every string in it, whatever its type.
void collectTexts(const Json& value, std::vector<std::string>& texts) {
  if (value.is_string()) texts.push_back(value.get<std::string>());
  if (value.is_structured())
    for (const Json& member : value) collectTexts(member, texts);
}

std::vector<std::string> textsUnder(const Json& blueprint, std::initializer_list<std::string_view> keys) {
  std::vector<std::string> texts;
  for (const std::string_view key : keys)
    if (const auto found = blueprint.find(key); found != blueprint.end()) collectTexts(*found, texts);
  return texts;
}

// Wider than any profile's matching: the same name, or one below the other, a `*.` on either side aside.
bool touches(std::string_view text, const DomainName& name) {
  if (text.starts_with("*.")) text.remove_prefix(2);
  const auto presented = DomainName::parse(text);
  return presented && (*presented == name || presented->isBelow(name) || name.isBelow(*presented));
}

bool touchesAny(const std::vector<std::string>& texts, const DomainName& name) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return touches(text, name); });
}

std::vector<Tenant> tenantsOf(const Catalogue& catalogue, const Case& one) {
  Json tenants = Json::array();
  for (const std::string& id : catalogue.family(one.family)->tenants) tenants.push_back(*catalogue.tenant(id));
  const Json tenancy = withAddresses(Json{{"tenants", tenants}}, catalogue.addresses);
  return verdict::readTenancy(Node(tenancy, {}, {})).tenants;
}

std::vector<std::string> addressesOf(const Case& one) {
  if (!one.beside) return {one.address};
  return {one.address, one.beside->address};
}

bool holdsAddress(const Catalogue& catalogue, const Case& one, const InboundConnector& connector) {
  for (const std::string& name : addressesOf(one)) {
    const auto address = verdict::parseIpv4(catalogue.addresses.at(name));
    if (std::any_of(connector.senderIPAddresses.begin(), connector.senderIPAddresses.end(),
                    [&](const AddressRange& range) { return range.contains(*address); }))
      return true;
  }
  return false;
}

bool certificateTouches(const Case& one, const InboundConnector& connector) {
  const auto touchedBy = [&](const Json& blueprint) {
    return touchesAny(textsUnder(blueprint, {"cn", "subject", "dns", "san"}), connector.tlsSenderCertificateName->name);
  };
  return connector.tlsSenderCertificateName &&
         (touchedBy(one.blueprint) || (one.earlier && touchedBy(one.earlier->blueprint)) ||
          (one.beside && touchedBy(one.beside->blueprint)));
}

// Paths of the envelope and header that are written out or name a tenant.
std::vector<std::string> labels(const Case& one) {
  std::vector<std::string> all;
  for (const TransactionPlan& transaction : one.transactions) {
    all.insert(all.end(), {transaction.sender, transaction.header});
    all.insert(all.end(), transaction.recipients.begin(), transaction.recipients.end());
  }
  return all;
}

bool pathTouches(const std::string& label, const Tenant& tenant) {
  if (label == std::string(kLocal) + tenant.id) return true;
  const auto domain = verdict::domainOfPath(label);
  return domain && std::any_of(tenant.acceptedDomains.begin(), tenant.acceptedDomains.end(),
                               [&](const auto& accepted) { return touches(domain->text(), accepted.name); });
}

template <class Predicate>
bool anyAnswer(const Case& one, Predicate predicate) {
  for (const auto& [profile, transactions] : one.expect)
    for (const auto& recipients : transactions)
      for (const ExpectedAnswers& answers : recipients)
        if (std::any_of(answers.begin(), answers.end(), predicate)) return true;
  return false;
}

bool concerns(const Catalogue& catalogue, const Case& one, const Tenant& tenant) {
  for (const InboundConnector& connector : tenant.inboundConnectors)
    if (holdsAddress(catalogue, one, connector) || certificateTouches(one, connector)) return true;
  const auto paths = labels(one);
  if (std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return pathTouches(path, tenant); }))
    return true;
  return anyAnswer(one, [&](const ExpectedAnswer& answer) { return answer.tenant == tenant.id; });
}

bool needsSourceAddresses(const Catalogue&, const Case& one) {
  const auto addresses = addressesOf(one);
  return std::any_of(addresses.begin(), addresses.end(), [](const std::string& name) { return name != kStranger; });
}

bool needsSecondTenant(const Catalogue& catalogue, const Case& one) {
  const auto tenants = tenantsOf(catalogue, one);
  return std::count_if(tenants.begin(), tenants.end(),
                       [&](const Tenant& tenant) { return concerns(catalogue, one, tenant); }) > 1;
}

// Partner connectors matter to mail for their tenant and to a peer that one of them would recognise.
bool needsPartner(const Catalogue& catalogue, const Case& one) {
  for (const Tenant& tenant : tenantsOf(catalogue, one)) {
    bool addressed = false;
    for (const TransactionPlan& transaction : one.transactions)
      for (const std::string& recipient : transaction.recipients) addressed |= pathTouches(recipient, tenant);
    for (const InboundConnector& connector : tenant.inboundConnectors)
      if (connector.type == ConnectorType::partner &&
          (addressed || holdsAddress(catalogue, one, connector) || certificateTouches(one, connector)))
        return true;
  }
  return false;
}

bool needsNullSender(const Catalogue&, const Case& one) {
  return std::any_of(one.transactions.begin(), one.transactions.end(),
                     [](const TransactionPlan& transaction) { return transaction.sender == kNull; });
}

bool needsLocalDelivery(const Catalogue&, const Case& one) {
  for (const TransactionPlan& transaction : one.transactions)
    for (const std::string& recipient : transaction.recipients)
      if (recipient.starts_with(kLocal) || isPostmaster(recipient)) return true;
  return anyAnswer(one, [](const ExpectedAnswer& answer) { return answer.verdict == verdict::Verdict::deliver; });
}

// One kind of identifier names a tenant's connector, and the other kind does not.
bool onlyUnder(const Catalogue& catalogue, const Case& one, std::initializer_list<std::string_view> keys,
               std::initializer_list<std::string_view> others) {
  const auto texts = textsUnder(one.blueprint, keys);
  const auto otherTexts = textsUnder(one.blueprint, others);
  bool here = false;
  for (const Tenant& tenant : tenantsOf(catalogue, one)) {
    for (const InboundConnector& connector : tenant.inboundConnectors) {
      if (!connector.tlsSenderCertificateName) continue;
      if (touchesAny(otherTexts, connector.tlsSenderCertificateName->name)) return false;
      here |= touchesAny(texts, connector.tlsSenderCertificateName->name);
    }
  }
  return here;
}

bool needsCommonName(const Catalogue& catalogue, const Case& one) {
  return onlyUnder(catalogue, one, {"cn", "subject"}, {"dns", "san"});
}

bool needsSubjectAltName(const Catalogue& catalogue, const Case& one) {
  return onlyUnder(catalogue, one, {"dns", "san"}, {"cn", "subject"});
}

bool needsAddressConnectors(const Catalogue& catalogue, const Case& one) {
  if (!needsSourceAddresses(catalogue, one)) return false;
  for (const Tenant& tenant : tenantsOf(catalogue, one))
    for (const InboundConnector& connector : tenant.inboundConnectors)
      if (holdsAddress(catalogue, one, connector)) return true;
  return false;
}

bool byTagAlone(const Catalogue&, const Case&) { return false; }

bool needsTls12(const Catalogue&, const Case& one) { return one.tls == "1.2"; }

bool needsSmtpUtf8(const Catalogue&, const Case& one) {
  const auto paths = labels(one);
  const auto beyondAscii = [](const std::string& path) {
    return std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
  };
  return std::any_of(paths.begin(), paths.end(), beyondAscii) ||
         std::any_of(one.transactions.begin(), one.transactions.end(), [](const TransactionPlan& transaction) {
           return transaction.mailParameters.find("SMTPUTF8") != std::string::npos;
         });
}

bool needsChunking(const Catalogue&, const Case& one) {
  return std::any_of(one.transactions.begin(), one.transactions.end(),
                     [](const TransactionPlan& transaction) { return transaction.bdat; });
}

/// What is hidden in another message shows in a sink alone, as what is injected does.
bool needsInjection(const Catalogue&, const Case& one) {
  return std::any_of(one.transactions.begin(), one.transactions.end(),
                     [](const TransactionPlan& transaction) { return transaction.smuggled; });
}

}  // namespace

const std::array<Capability, 13>& capabilities() {
  static constexpr std::array<Capability, 13> kCapabilities = {{
      {"source-addresses", needsSourceAddresses},
      {"second-tenant", needsSecondTenant},
      {"partner", needsPartner},
      {"null-sender", needsNullSender},
      {"local-delivery", needsLocalDelivery},
      {"common-name", needsCommonName},
      {"subject-alt-name", needsSubjectAltName},
      {"address-connectors", needsAddressConnectors},
      {"revocation", byTagAlone},
      {"tls12", needsTls12},
      {"smtputf8", needsSmtpUtf8, "SMTPUTF8"},
      {"chunking", needsChunking, "CHUNKING"},
      {"injection", needsInjection},
  }};
  return kCapabilities;
}

bool needs(const Catalogue& catalogue, const Case& one, const Capability& capability) {
  return one.hasTag(capability.name) || capability.needed(catalogue, one);
}

}  // namespace relayproof::catalogue
