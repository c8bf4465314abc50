#include "conformance/verdict/profile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <variant>

namespace relayproof::verdict {
namespace {

constexpr std::array kShippedNames{"exo-2017", "exo-2023", "exo-2026", "rfc6125", "strict"};
constexpr std::string_view kSchema = "relayproof.profile/1";

template <class Named>
std::string mendFor(std::string_view word, const Named& known) {
  std::vector<std::string_view> names;
  for (const auto& each : known) names.emplace_back(each.name);
  const auto near = nearest(word, names);
  return near ? fmt::format("did you mean \"{}\"?", *near) : fmt::format("known here: {}", fmt::join(names, ", "));
}

std::uint8_t bitOf(const OptionInfo& option, const Node& value) {
  const std::string word = value.string();
  const auto found = std::find(option.values.begin(), option.values.end(), word);
  if (found == option.values.end())
    value.fail(fmt::format("option {} has no value \"{}\"", option.name, word),
               fmt::format("its values are: {}", fmt::join(option.values, ", ")));
  return static_cast<std::uint8_t>(1U << (found - option.values.begin()));
}

void checkSource(const Node& source) {
  source.allowOnly({"kind", "ids"});
  source.at("kind").choice<std::monostate>({{"D", {}}, {"F", {}}, {"S", {}}, {"I", {}}, {"policy", {}}});
  source.stringsOr("ids", {});
}

std::uint8_t valuesInForce(const OptionInfo& option, const Node& entry) {
  Node values = entry;
  if (entry.json().is_object()) {
    entry.allowOnly({"values", "source"});
    if (const auto source = entry.find("source")) checkSource(*source);
    values = entry.at("values");
  }
  std::uint8_t bits = 0;
  for (const Node& value : values.array()) {
    const std::uint8_t bit = bitOf(option, value);
    if ((bits & bit) != 0) value.fail("stands twice", "write each value once");
    bits = static_cast<std::uint8_t>(bits | bit);
  }
  if (bits == 0)
    values.fail(fmt::format("option {} must have at least one value", option.name),
                fmt::format("its values are: {}", fmt::join(option.values, ", ")));
  return bits;
}

const Profile* findNamed(std::string_view name, const std::vector<Profile>& profiles) {
  const auto found = std::find_if(profiles.begin(), profiles.end(), [&](const Profile& p) { return p.name == name; });
  return found == profiles.end() ? nullptr : &*found;
}

}  // namespace

const std::array<OptionInfo, kOptionCount>& optionTable() {
  static const std::array<OptionInfo, kOptionCount> table{{
      {"commonName", {"always", "whenNoDnsId", "whenNoSubjectIdentifier", "never"}},
      {"multipleCommonNames", {"all", "first", "last", "none"}},
      {"presentedWildcardOnExactPattern", {"never", "underTwoLabels", "always"}},
      {"patternDepth", {"oneLabel", "any"}},
      {"patternApex", {"yes", "no"}},
      {"registration", {"connectorDomain", "presentedOrParent", "both"}},
      {"registrationMatchSubDomains", {"yes", "no"}},
      {"conditions", {"samePair", "address", "addressOrParent", "independent"}},
      {"senderIdentity", {"envelope", "envelopeOrHeader"}},
      {"tenantConflict", {"byReversePath", "deny"}},
      {"extendedKeyUsage", {"clientAuth", "clientOrServer", "ignored"}},
      {"untrustedCertificate", {"treatAsNone", "refuseTls"}},
      {"malformedSibling", {"ignoreIt", "rejectCertificate"}},
      {"revocation", {"require", "bestEffort", "ignore"}},
      {"commonNameUnderDnsConstraint", {"checked", "unchecked"}},
      {"associatedDomainsBind3b", {"yes", "no"}},
      {"partnerCertificateName", {"subject", "subjectOrSan"}},
      {"trailingDot", {"strip", "malformed"}},
      {"nameSyntax", {"preferred", "lenient"}},
      {"uLabelInCommonName", {"malformed", "toALabel"}},
      {"resumption", {"originalIdentity", "noIdentity", "fullHandshake"}},
      {"denyStage", {"mail", "rcpt", "data", "endOfData"}},
      {"denyReply", {"550-5.7.64", "policy5xx"}},
  }};
  return table;
}

std::string_view Assignment::operator[](Option option) const {
  const auto index = static_cast<std::size_t>(option);
  return optionTable()[index].values[value[index]];
}

bool Profile::allows(Option option, std::string_view value) const {
  const auto index = static_cast<std::size_t>(option);
  const auto& values = optionTable()[index].values;
  const auto found = std::find(values.begin(), values.end(), value);
  return found != values.end() && (allowed[index] >> (found - values.begin()) & 1) != 0;
}

Profile readProfile(const Node& root, const std::vector<Profile>& shipped) {
  root.allowOnly({"schema", "name", "base", "why", "options"});
  if (root.at("schema").string() != kSchema) root.at("schema").fail(fmt::format("must be \"{}\"", kSchema));
  Profile profile;
  profile.name = root.at("name").string();
  if (profile.name.empty()) root.at("name").fail("is empty", "give the profile a name for the reports");
  if (findNamed(profile.name, shipped) != nullptr)
    root.at("name").fail("is the name of a shipped profile", "give your own profile another name");
  if (const auto base = root.find("base")) {
    const std::string name = base->string();
    const Profile* found = findNamed(name, shipped);
    if (found == nullptr) base->fail(fmt::format("no shipped profile is named \"{}\"", name), mendFor(name, shipped));
    profile.allowed = found->allowed;
  }
  const auto& table = optionTable();
  const Node options = root.at("options");
  for (const auto& [name, entry] : options.members()) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const OptionInfo& o) { return o.name == name; });
    if (found == table.end()) entry.fail("unknown option", mendFor(name, table));
    profile.allowed[static_cast<std::size_t>(found - table.begin())] = valuesInForce(*found, entry);
  }
  for (std::size_t i = 0; i < kOptionCount; ++i)
    if (profile.allowed[i] == 0)
      options.fail(fmt::format("option {} is missing", table[i].name), "give it values, or name a base that has them");
  return profile;
}

Expected<std::vector<Profile>> loadShippedProfiles(const std::string& folder) {
  std::vector<Profile> profiles;
  for (const char* name : kShippedNames) {
    const std::string file = (std::filesystem::path(folder) / name).string() + ".json";
    auto profile = readDocumentFile(file, [&](const Node& root) {
      Profile read = readProfile(root, profiles);
      if (read.name != name) root.at("name").fail("differs from the file's name", fmt::format("write \"{}\"", name));
      return read;
    });
    if (!profile) return profile.error();
    profiles.push_back(std::move(*profile));
  }
  return profiles;
}

Expected<Profile> findProfile(const std::string& nameOrFile, const std::vector<Profile>& shipped) {
  if (const Profile* found = findNamed(nameOrFile, shipped)) return *found;
  if (nameOrFile.find('/') == std::string::npos && !nameOrFile.ends_with(".json"))
    return Error{{},
                 "profile",
                 fmt::format("there is no profile \"{}\"", nameOrFile),
                 mendFor(nameOrFile, shipped) + "; a file of your own ends in .json"};
  return readDocumentFile(nameOrFile, [&](const Node& root) { return readProfile(root, shipped); });
}

}  // namespace relayproof::verdict
