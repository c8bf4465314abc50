#pragma once

#include "runners/reference/names.h"

// Where the vendor's documents leave a relay a choice, one option each. Every default is right under all shipped
// profiles named exo; together they answer like the notice of 2017 and the requirements of 2023.
namespace relayproof::reference {

enum class CommonName { always, whenNoDnsId, whenNoSubjectIdentifier, never };
enum class MultipleCommonNames { all, first, last, none };
enum class PresentedWildcardOnExactPattern { never, underTwoLabels, always };
enum class PatternDepth { oneLabel, any };
enum class PatternApex { yes, no };
enum class Registration { connectorDomain, presentedOrParent, both };
enum class RegistrationMatchSubDomains { yes, no };
enum class Conditions { samePair, address, addressOrParent, independent };
enum class SenderIdentity { envelope, envelopeOrHeader };
enum class TenantConflict { byReversePathThenMostSpecific, deny };
enum class AssociatedDomainsBind3b { yes, no };
enum class PartnerCertificateName { subject, subjectOrSan };
enum class TrailingDot { strip, malformed };
enum class MalformedSibling { ignoreIt, rejectCertificate };
enum class ExtendedKeyUsage { clientAuth, clientOrServer, ignored };
enum class RevocationPolicy { require, bestEffort, ignore };
enum class CommonNameUnderDnsConstraint { checked, unchecked };
enum class ULabelInCommonName { malformed, toALabel };
enum class Resumption { originalIdentity, noIdentity, fullHandshake };

struct Behaviour {
  CommonName commonName = CommonName::always;
  MultipleCommonNames multipleCommonNames = MultipleCommonNames::all;  // in DER order, free text counted
  PresentedWildcardOnExactPattern presentedWildcardOnExactPattern = PresentedWildcardOnExactPattern::underTwoLabels;
  PatternDepth patternDepth = PatternDepth::any;
  PatternApex patternApex = PatternApex::yes;
  Registration registration = Registration::connectorDomain;
  RegistrationMatchSubDomains registrationMatchSubDomains = RegistrationMatchSubDomains::no;
  Conditions conditions = Conditions::address;
  SenderIdentity senderIdentity = SenderIdentity::envelope;
  TenantConflict tenantConflict = TenantConflict::byReversePathThenMostSpecific;
  AssociatedDomainsBind3b associatedDomainsBind3b = AssociatedDomainsBind3b::yes;
  PartnerCertificateName partnerCertificateName = PartnerCertificateName::subjectOrSan;
  TrailingDot trailingDot = TrailingDot::malformed;
  NameSyntax nameSyntax = NameSyntax::preferred;
  MalformedSibling malformedSibling = MalformedSibling::ignoreIt;
  ExtendedKeyUsage extendedKeyUsage = ExtendedKeyUsage::clientOrServer;
  RevocationPolicy revocation = RevocationPolicy::bestEffort;  // where a certificate names a CRL
  CommonNameUnderDnsConstraint commonNameUnderDnsConstraint = CommonNameUnderDnsConstraint::checked;
  ULabelInCommonName uLabelInCommonName = ULabelInCommonName::malformed;
  Resumption resumption = Resumption::fullHandshake;
  bool resumesExpired = false;  // under originalIdentity: a session outlives its certificate
};

}  // namespace relayproof::reference
