#include "conformance/catalogue/certificate_facts.h"

namespace relayproof::catalogue {

verdict::ClientCertificate certificateFacts(const std::vector<std::string>& chain, certs::ChainVerifier& verifier,
                                            std::int64_t at) {
  const auto identifiers = certs::subjectIdentifiers(chain.front());
  if (!identifiers) throw identifiers.error();
  return certificateFacts(*identifiers, verifier.verify(chain, at));
}

verdict::ClientCertificate certificateFacts(const certs::SubjectIdentifiers& identifiers,
                                            const certs::ChainFacts& facts) {
  verdict::ClientCertificate certificate;
  certificate.verified = facts.verified;
  certificate.unverifiedBecause = facts.error;
  certificate.commonNames = identifiers.commonNames;
  certificate.dnsNames = identifiers.dnsIds;
  certificate.otherSubjectIdentifiers = identifiers.otherSubjectIdentifiers;
  certificate.subjectAltNameMalformed = identifiers.subjectAltNameMalformed || identifiers.uriMalformed;
  certificate.extendedKeyUsage = facts.extendedKeyUsage;
  // Nobody asks for the CRLs that a chain names: whether it is revoked stays unknown.
  certificate.revocation = facts.namesCrl ? verdict::Revocation::unknown : verdict::Revocation::notNamed;
  certificate.commonNamesOutsideConstraint = facts.commonNamesOutsideConstraint;
  return certificate;
}

}  // namespace relayproof::catalogue
