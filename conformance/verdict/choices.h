// The values that one relay takes, found out as a decision asks for them. Walking on with next() visits every
// combination that makes a difference, and none of the options that nobody asked for.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "conformance/verdict/profile.h"

namespace relayproof::verdict {

// An enumerator's number is its value's place in optionTable().
enum class CommonName : std::uint8_t { always, whenNoDnsId, whenNoSubjectIdentifier, never };
enum class MultipleCommonNames : std::uint8_t { all, first, last, none };
enum class PresentedWildcardOnExactPattern : std::uint8_t { never, underTwoLabels, always };
enum class PatternDepth : std::uint8_t { oneLabel, any };
enum class PatternApex : std::uint8_t { yes, no };
enum class Registration : std::uint8_t { connectorDomain, presentedOrParent, both };
enum class RegistrationMatchSubDomains : std::uint8_t { yes, no };
enum class Conditions : std::uint8_t { samePair, address, addressOrParent, independent };
enum class SenderIdentity : std::uint8_t { envelope, envelopeOrHeader };
enum class TenantConflict : std::uint8_t { byReversePath, deny };
enum class ExtendedKeyUsage : std::uint8_t { clientAuth, clientOrServer, ignored };
enum class UntrustedCertificate : std::uint8_t { treatAsNone, refuseTls };
enum class MalformedSibling : std::uint8_t { ignoreIt, rejectCertificate };
enum class RevocationCheck : std::uint8_t { require, bestEffort, ignore };
enum class CommonNameUnderDnsConstraint : std::uint8_t { checked, unchecked };
enum class AssociatedDomainsBind3b : std::uint8_t { yes, no };
enum class PartnerCertificateName : std::uint8_t { subject, subjectOrSan };
enum class TrailingDot : std::uint8_t { strip, malformed };
enum class NameSyntaxChoice : std::uint8_t { preferred, lenient };
enum class ULabelInCommonName : std::uint8_t { malformed, toALabel };

class Choices {
 public:
  struct Choice {
    Option option;
    std::uint8_t value;
    bool operator==(const Choice&) const = default;
  };

  explicit Choices(const Profile& profile) : allowed_(profile.allowed) {}
  explicit Choices(const Assignment& assignment);

  /// The value of an option in this combination.
  std::uint8_t valueOf(Option option);
  template <class Value>
  bool is(Option option, Value value) {
    return valueOf(option) == static_cast<std::uint8_t>(value);
  }

  /// Goes to the next combination; false after the last one. The decision must then be asked anew.
  bool next();

  /// What was asked in this combination and had several values in force, in the order of asking.
  std::span<const Choice> asked() const { return {trail_.data(), askedCount_}; }

 private:
  std::array<std::uint8_t, kOptionCount> allowed_;
  std::array<Choice, kOptionCount> trail_{};
  std::size_t fixedCount_ = 0;  // choices of the trail that this combination has to repeat
  std::size_t askedCount_ = 0;
};

}  // namespace relayproof::verdict
