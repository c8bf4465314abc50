#include "conformance/verdict/identity.h"

#include <algorithm>

namespace relayproof::verdict {
namespace {

std::string_view leftOut(const ClientCertificate& certificate, std::size_t index, Choices& choices) {
  const std::size_t count = certificate.commonNames.size();
  bool counts = true;
  switch (static_cast<CommonName>(choices.valueOf(Option::commonName))) {
    case CommonName::always:
      break;
    case CommonName::whenNoDnsId:
      counts = certificate.dnsNames.empty();
      break;
    case CommonName::whenNoSubjectIdentifier:
      counts = certificate.dnsNames.empty() && !certificate.otherSubjectIdentifiers;
      break;
    case CommonName::never:
      counts = false;
      break;
  }
  if (!counts) return "commonName";
  if (count < 2) return {};
  switch (static_cast<MultipleCommonNames>(choices.valueOf(Option::multipleCommonNames))) {
    case MultipleCommonNames::all:
      break;
    case MultipleCommonNames::first:
      counts = index == 0;
      break;
    case MultipleCommonNames::last:
      counts = index == count - 1;
      break;
    case MultipleCommonNames::none:
      counts = false;
      break;
  }
  return counts ? std::string_view{} : "multipleCommonNames";
}

bool allowsClientAuth(const ClientCertificate& certificate, Choices& choices) {
  if (!certificate.extendedKeyUsage) return true;
  const auto& purposes = *certificate.extendedKeyUsage;
  const auto allows = [&](std::string_view purpose) {
    return std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
  };
  if (allows("clientAuth")) return true;
  switch (static_cast<ExtendedKeyUsage>(choices.valueOf(Option::extendedKeyUsage))) {
    case ExtendedKeyUsage::clientAuth:
      return false;
    case ExtendedKeyUsage::clientOrServer:
      // RFC 5280 4.2.1.12: who requires a particular purpose may refuse a certificate that names only "any".
      return allows("serverAuth") || allows("any");
    case ExtendedKeyUsage::ignored:
      break;
  }
  return true;
}

bool passesRevocation(const ClientCertificate& certificate, Choices& choices) {
  if (certificate.revocation == Revocation::notNamed || certificate.revocation == Revocation::good) return true;
  switch (static_cast<RevocationCheck>(choices.valueOf(Option::revocation))) {
    case RevocationCheck::require:
      return false;
    case RevocationCheck::bestEffort:
      return certificate.revocation == Revocation::unknown;
    case RevocationCheck::ignore:
      break;
  }
  return true;
}

std::string_view doubtAbout(const ClientCertificate& certificate, Choices& choices) {
  if (!certificate.verified) return "unverified";
  if (!allowsClientAuth(certificate, choices)) return "not for clients (extendedKeyUsage)";
  if (!passesRevocation(certificate, choices)) return "revocation";
  if (certificate.commonNameOutsideConstraint &&
      choices.is(Option::commonNameUnderDnsConstraint, CommonNameUnderDnsConstraint::checked))
    return "common name outside a dNSName constraint";
  return {};
}

}  // namespace

Identifiers presentedIdentifiers(const ClientCertificate& certificate, Choices& choices) {
  Identifiers found;
  found.malformed = certificate.subjectAltNameMalformed;
  found.all.reserve(certificate.dnsNames.size() + certificate.commonNames.size());
  const auto add = [&](const certs::PresentedIdentifier& presented, std::string_view leftOutBy) {
    found.all.push_back({&presented, readPresented(presented, choices), leftOutBy});
    found.malformed = found.malformed || found.all.back().reading.kind == Reading::Kind::malformed;
  };
  for (const auto& dnsName : certificate.dnsNames) add(dnsName, {});
  for (std::size_t i = 0; i < certificate.commonNames.size(); ++i)
    add(certificate.commonNames[i], leftOut(certificate, i, choices));
  return found;
}

Identity identify(const std::optional<ClientCertificate>& certificate, Choices& choices) {
  if (!certificate) return {};
  const auto distrusted = [&](std::string_view doubt) {
    const bool refused = choices.is(Option::untrustedCertificate, UntrustedCertificate::refuseTls);
    return Identity{refused ? Identity::Standing::refused : Identity::Standing::treatedAsNone, doubt, {}};
  };
  if (const auto doubt = doubtAbout(*certificate, choices); !doubt.empty()) return distrusted(doubt);
  Identifiers identifiers = presentedIdentifiers(*certificate, choices);
  if (identifiers.malformed && choices.is(Option::malformedSibling, MalformedSibling::rejectCertificate))
    return distrusted("rejected for a malformed identifier");
  return {Identity::Standing::trusted, {}, std::move(identifiers.all)};
}

}  // namespace relayproof::verdict
