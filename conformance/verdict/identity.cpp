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

std::string doubtAbout(const ClientCertificate& certificate, Choices& choices) {
  if (!certificate.ownKey) return "whose key the peer does not hold";
  if (!certificate.verified)
    return certificate.unverifiedBecause.empty() ? "unverified" : "unverified (" + certificate.unverifiedBecause + ")";
  if (!allowsClientAuth(certificate, choices)) return "not for clients (extendedKeyUsage)";
  if (!passesRevocation(certificate, choices))
    return certificate.revocation == Revocation::revoked ? "revoked" : "of unknown revocation";
  return {};
}

// A constraint bears on a CN that is taken for an identifier, or where no name is: RFC 5280 4.2.1.10 binds the forms
// that are present, and whoever reads DNS-IDs alone has no reason to look at a CN beside them.
bool outsideConstraint(const ClientCertificate& certificate, const Identifiers& identifiers) {
  const auto& outside = certificate.commonNamesOutsideConstraint;
  const auto counts = [](const Identifier& identifier) { return identifier.counts(); };
  const bool noneCounts = std::none_of(identifiers.all.begin(), identifiers.all.end(), counts);
  return std::any_of(outside.begin(), outside.end(), [&](std::size_t place) {
    const Identifier& identifier = identifiers.all[certificate.dnsNames.size() + place];
    return counts(identifier) || (noneCounts && identifier.reading.kind != Reading::Kind::freeText);
  });
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
  const auto distrusted = [&](std::string doubt) {
    const bool refused = choices.is(Option::untrustedCertificate, UntrustedCertificate::refuseTls);
    return Identity{refused ? Identity::Standing::refused : Identity::Standing::treatedAsNone, std::move(doubt), {}};
  };
  if (auto doubt = doubtAbout(*certificate, choices); !doubt.empty()) return distrusted(std::move(doubt));
  Identifiers identifiers = presentedIdentifiers(*certificate, choices);
  if (identifiers.malformed && choices.is(Option::malformedSibling, MalformedSibling::rejectCertificate))
    return distrusted("rejected for a malformed identifier");
  if (outsideConstraint(*certificate, identifiers) &&
      choices.is(Option::commonNameUnderDnsConstraint, CommonNameUnderDnsConstraint::checked))
    return distrusted("with a common name outside a dNSName constraint");
  return {Identity::Standing::trusted, {}, std::move(identifiers.all)};
}

}  // namespace relayproof::verdict
