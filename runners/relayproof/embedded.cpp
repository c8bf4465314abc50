#include "runners/relayproof/embedded.h"

#include <bit>
#include <string>
#include <utility>
#include <variant>

#include "certs/document.h"

namespace relayproof {
namespace {

// Both books list the values of an option in the order of the documentation.
template <class Value>
void fit(Value& value, const verdict::Profile& profile, verdict::Option option) {
  const unsigned allowed = profile.allowed[static_cast<std::size_t>(option)];
  if ((allowed >> static_cast<unsigned>(value) & 1U) == 0) value = static_cast<Value>(std::countr_zero(allowed));
}

void fit(std::string& spelling, const verdict::Profile& profile, verdict::Option option) {
  if (profile.allows(option, spelling)) return;
  const auto number = static_cast<std::size_t>(option);
  spelling = verdict::optionTable()[number].values[static_cast<std::size_t>(std::countr_zero(profile.allowed[number]))];
}

}  // namespace

std::unique_ptr<reference::Relay> startReference(const reference::Options& options) {
  auto started = reference::Relay::start(options);
  if (const auto* problem = std::get_if<reference::Problem>(&started)) throw Error("", "relay", problem->text, "");
  return std::move(std::get<std::unique_ptr<reference::Relay>>(started));
}

reference::Behaviour behaviourUnder(const verdict::Profile& profile) {
  using verdict::Option;
  reference::Behaviour behaviour;
  fit(behaviour.commonName, profile, Option::commonName);
  fit(behaviour.multipleCommonNames, profile, Option::multipleCommonNames);
  fit(behaviour.presentedWildcardOnExactPattern, profile, Option::presentedWildcardOnExactPattern);
  fit(behaviour.patternDepth, profile, Option::patternDepth);
  fit(behaviour.patternApex, profile, Option::patternApex);
  fit(behaviour.registration, profile, Option::registration);
  fit(behaviour.registrationMatchSubDomains, profile, Option::registrationMatchSubDomains);
  fit(behaviour.conditions, profile, Option::conditions);
  fit(behaviour.senderIdentity, profile, Option::senderIdentity);
  fit(behaviour.tenantConflict, profile, Option::tenantConflict);
  fit(behaviour.extendedKeyUsage, profile, Option::extendedKeyUsage);
  fit(behaviour.malformedSibling, profile, Option::malformedSibling);
  fit(behaviour.revocation, profile, Option::revocation);
  fit(behaviour.commonNameUnderDnsConstraint, profile, Option::commonNameUnderDnsConstraint);
  fit(behaviour.associatedDomainsBind3b, profile, Option::associatedDomainsBind3b);
  fit(behaviour.partnerCertificateName, profile, Option::partnerCertificateName);
  fit(behaviour.trailingDot, profile, Option::trailingDot);
  fit(behaviour.nameSyntax, profile, Option::nameSyntax);
  fit(behaviour.uLabelInCommonName, profile, Option::uLabelInCommonName);
  fit(behaviour.resumption, profile, Option::resumption);
  return behaviour;
}

reference::Options optionsUnder(const verdict::Profile& profile) {
  reference::Options options;
  options.behaviour = behaviourUnder(profile);
  fit(options.untrusted, profile, verdict::Option::untrustedCertificate);
  fit(options.denyStage, profile, verdict::Option::denyStage);
  return options;
}

}  // namespace relayproof
