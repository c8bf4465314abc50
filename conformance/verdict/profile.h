// A profile: for each question that the documents leave open, the answers that are right. Profiles are data
// (corpus/profiles/NAME.json); a user's own is a base and the options it changes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"

namespace relayproof::verdict {

/// The questions, in the order of the documentation; optionTable() gives each its name and the names of its values.
enum class Option : std::uint8_t {
  commonName,
  multipleCommonNames,
  presentedWildcardOnExactPattern,
  patternDepth,
  patternApex,
  registration,
  registrationMatchSubDomains,
  conditions,
  senderIdentity,
  tenantConflict,
  extendedKeyUsage,
  untrustedCertificate,
  malformedSibling,
  revocation,
  commonNameUnderDnsConstraint,
  associatedDomainsBind3b,
  partnerCertificateName,
  trailingDot,
  nameSyntax,
  uLabelInCommonName,
  resumption,
  denyStage,
  denyReply
};
inline constexpr std::size_t kOptionCount = static_cast<std::size_t>(Option::denyReply) + 1;

struct OptionInfo {
  std::string_view name;                 ///< "patternDepth"
  std::vector<std::string_view> values;  ///< {"oneLabel", "any"}; a value's number is its index
};
const std::array<OptionInfo, kOptionCount>& optionTable();

/// One value an option: what one relay does.
struct Assignment {
  std::array<std::uint8_t, kOptionCount> value{};
  std::string_view operator[](Option option) const;  ///< the value's name
};

/// The values in force, a bit each; never empty.
struct Profile {
  std::string name;
  std::array<std::uint8_t, kOptionCount> allowed{};
  bool allows(Option option, std::string_view value) const;
};

/// Reads a profile:
/// {"schema":"relayproof.profile/1","name":…,"base":NAME|absent,"why":…|absent,"options":{NAME:{"values":[…],"source":{"kind":"D|F|S|I|policy","ids":[…]}}|[…]}}.
/// `base` is looked up among `shipped`; without one every option must be given. Throws Error.
Profile readProfile(const Node& root, const std::vector<Profile>& shipped);
/// The shipped profiles in their order (exo-2017 first), from a folder of files.
Expected<std::vector<Profile>> loadShippedProfiles(const std::string& folder);
/// A shipped profile's name, or a file of the user's own.
Expected<Profile> findProfile(const std::string& nameOrFile, const std::vector<Profile>& shipped);

}  // namespace relayproof::verdict
