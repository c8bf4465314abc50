#include "conformance/verdict/profile.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "conformance/verdict/test_support.h"

namespace relayproof::verdict {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ShippedProfiles, InTheirOrder) {
  std::vector<std::string> names;
  for (const Profile& profile : shippedProfiles()) names.push_back(profile.name);
  EXPECT_THAT(names, ElementsAre("exo-2017", "exo-2023", "exo-2026", "rfc6125", "strict"));
}

// Where nothing but our own reading speaks for a value, every value is right.
TEST(ShippedProfiles, ASingleValueOfAVendorsProfileNeedsASource) {
  for (const char* name : {"exo-2017", "exo-2023", "exo-2026"}) {
    const std::string file = std::string(RELAYPROOF_SOURCE_DIR "/corpus/profiles/") + name + ".json";
    const auto checked = readDocumentFile(file, [&](const Node& root) {
      for (const auto& [option, entry] : root.at("options").members()) {
        const auto source = entry.at("source");
        const std::string kind = source.at("kind").string();
        EXPECT_NE(kind, "policy") << name << " " << option;
        if (entry.at("values").array().size() > 1) continue;
        EXPECT_TRUE(kind == "D" || kind == "F" || kind == "S") << name << " " << option;
        EXPECT_FALSE(source.at("ids").array().empty()) << name << " " << option;
      }
      return 0;
    });
    ASSERT_TRUE(checked) << checked.error().text();
  }
}

TEST(ShippedProfiles, EveryOptionNamesItsSource) {
  for (const Profile& profile : shippedProfiles()) {
    const std::string file = RELAYPROOF_SOURCE_DIR "/corpus/profiles/" + profile.name + ".json";
    const auto checked = readDocumentFile(file, [&](const Node& root) {
      for (const auto& [option, entry] : root.at("options").members()) {
        const std::string kind = entry.at("source").at("kind").string();
        const bool needsIds = kind == "D" || kind == "F" || kind == "S";
        EXPECT_TRUE(!needsIds || entry.at("source").has("ids")) << profile.name << " " << option;
      }
      return 0;
    });
    ASSERT_TRUE(checked) << checked.error().text();
  }
}

// The documentation's table, written out once more: a slip in the data must not pass.
TEST(ShippedProfiles, SayWhatTheTableSays) {
  const auto values = [](std::string_view profile, Option option) {
    std::string text;
    const auto& info = optionTable()[static_cast<std::size_t>(option)];
    for (const auto value : info.values)
      if (shippedProfile(profile).allows(option, value)) text += (text.empty() ? "" : ",") + std::string(value);
    return text;
  };
  const auto all = [](Option option) {
    std::string text;
    for (const auto value : optionTable()[static_cast<std::size_t>(option)].values)
      text += (text.empty() ? "" : ",") + std::string(value);
    return text;
  };
  struct Row {
    Option option;
    std::string exo2017, exo2023, exo2026, rfc6125, strict;  // "any": all values
  };
  using enum Option;
  const Row rows[] = {
      {commonName, "always", "always", "always", "whenNoSubjectIdentifier", "never"},
      {multipleCommonNames, "all,first,last", "all,first,last", "all,first,last", "any", "none"},
      {presentedWildcardOnExactPattern, "any", "any", "any", "underTwoLabels,always", "underTwoLabels"},
      {patternDepth, "any-depth", "any-depth", "any-depth", "oneLabel", "oneLabel"},
      {patternApex, "yes", "yes", "yes", "no", "no"},
      {registration, "connectorDomain,both", "connectorDomain,both", "connectorDomain,both", "connectorDomain", "both"},
      {registrationMatchSubDomains, "any", "any", "any", "yes", "no"},
      {conditions, "samePair,address,addressOrParent", "address,addressOrParent,independent",
       "address,addressOrParent,independent", "samePair", "samePair"},
      {senderIdentity, "any", "envelope", "envelope", "envelope", "envelope"},
      {tenantConflict, "any", "any", "byReversePath", "deny", "deny"},
      {extendedKeyUsage, "any", "any", "any", "clientAuth,clientOrServer", "clientAuth,clientOrServer"},
      {untrustedCertificate, "any", "any", "any", "any", "any"},
      {malformedSibling, "any", "any", "any", "any", "any"},
      {revocation, "any", "any", "any", "bestEffort", "require"},
      {commonNameUnderDnsConstraint, "any", "any", "any", "checked", "checked"},
      {associatedDomainsBind3b, "any", "any", "any", "yes", "yes"},
      {partnerCertificateName, "any", "any", "any", "subjectOrSan", "subjectOrSan"},
      {trailingDot, "any", "any", "any", "malformed", "malformed"},
      {nameSyntax, "any", "any", "any", "any", "preferred"},
      {uLabelInCommonName, "any", "any", "any", "any", "malformed"},
      {resumption, "any", "any", "any", "any", "any"},
      {denyStage, "any", "any", "any", "any", "any"},
      {denyReply, "policy5xx", "policy5xx", "policy5xx", "policy5xx", "policy5xx"},
  };
  ASSERT_EQ(std::size(rows), kOptionCount);
  for (const Row& row : rows) {
    const std::pair<const char*, std::string> expected[] = {{"exo-2017", row.exo2017},
                                                            {"exo-2023", row.exo2023},
                                                            {"exo-2026", row.exo2026},
                                                            {"rfc6125", row.rfc6125},
                                                            {"strict", row.strict}};
    for (const auto& [profile, text] : expected)
      EXPECT_EQ(values(profile, row.option), text == "any"         ? all(row.option)
                                             : text == "any-depth" ? "any"
                                                                   : text)
          << profile << " " << optionTable()[static_cast<std::size_t>(row.option)].name;
  }
}

std::string errorOfProfile(std::string_view text) {
  const auto profile =
      readDocument(text, "mine.json", [](const Node& root) { return readProfile(root, shippedProfiles()); });
  return profile ? "" : profile.error().text();
}

TEST(UserProfile, ChangesItsBase) {
  const auto profile = readDocument(
      R"({"schema":"relayproof.profile/1","name":"mine","base":"exo-2017","options":{"patternDepth":["oneLabel"],
          "registration":{"values":["both"],"source":{"kind":"policy"}}}})",
      "mine.json", [](const Node& root) { return readProfile(root, shippedProfiles()); });
  ASSERT_TRUE(profile) << profile.error().text();
  EXPECT_EQ(profile->name, "mine");
  EXPECT_FALSE(profile->allows(Option::patternDepth, "any"));
  EXPECT_TRUE(profile->allows(Option::patternDepth, "oneLabel"));
  EXPECT_FALSE(profile->allows(Option::registration, "connectorDomain"));
  EXPECT_TRUE(profile->allows(Option::patternApex, "yes"));
  EXPECT_FALSE(profile->allows(Option::patternApex, "perhaps"));
  EXPECT_FALSE(shippedProfile("exo-2017").allows(Option::patternDepth, "perhaps")) << "no value stands for another";
}

TEST(UserProfile, EveryMistakeNamesFileKeyAndMend) {
  const std::string head = R"({"schema":"relayproof.profile/1","name":"mine","base":"strict","options":)";
  EXPECT_EQ(errorOfProfile(head + R"({"patternDeph":["any"]}})"),
            "mine.json: options.patternDeph: unknown option; did you mean \"patternDepth\"?");
  EXPECT_EQ(errorOfProfile(head + R"({"patternDepth":{"values":["any"]}}})"), "") << "a user owes no source";
  EXPECT_THAT(errorOfProfile(head + R"({"quite another":["any"]}})"),
              HasSubstr("options.quite another: unknown option; known here: commonName, multipleCommonNames, "));
  EXPECT_EQ(errorOfProfile(head + R"({"patternDepth":["two"]}})"),
            "mine.json: options.patternDepth[0]: option patternDepth has no value \"two\"; its values are: oneLabel, "
            "any");
  EXPECT_EQ(errorOfProfile(head + R"({"patternDepth":[]}})"),
            "mine.json: options.patternDepth: option patternDepth must have at least one value; its values are: "
            "oneLabel, any");
  EXPECT_EQ(errorOfProfile(head + R"({"patternDepth":["any","any"]}})"),
            "mine.json: options.patternDepth[1]: stands twice; write each value once");
  EXPECT_EQ(errorOfProfile(head + R"({"patternDepth":"any"}})"), "mine.json: options.patternDepth: must be an array");
  EXPECT_EQ(errorOfProfile(head + R"({"patternDepth":{"value":["any"]}}})"),
            "mine.json: options.patternDepth.value: unknown key; did you mean \"values\"?");
  EXPECT_THAT(errorOfProfile(head + R"({"patternDepth":{"values":["any"],"source":{"kind":"X"}}}})"),
              HasSubstr("mine.json: options.patternDepth.source.kind: unknown value \"X\""));
  EXPECT_EQ(errorOfProfile(R"({"schema":"relayproof.profile/1","name":"mine","base":"exo-2071","options":{}})"),
            "mine.json: base: no shipped profile is named \"exo-2071\"; did you mean \"exo-2017\"?");
  EXPECT_THAT(errorOfProfile(R"({"schema":"relayproof.profile/1","name":"mine","options":{}})"),
              HasSubstr("mine.json: options: option commonName is missing; give it values, or name a base"));
  EXPECT_EQ(errorOfProfile(R"({"schema":"relayproof.profile/2","name":"mine","base":"strict","options":{}})"),
            "mine.json: schema: must be \"relayproof.profile/1\"");
  EXPECT_EQ(errorOfProfile(R"({"schema":"relayproof.profile/1","name":"","base":"strict","options":{}})"),
            "mine.json: name: is empty; give the profile a name for the reports");
  EXPECT_EQ(errorOfProfile(R"({"schema":"relayproof.profile/1","name":"strict","base":"strict","options":{}})"),
            "mine.json: name: is the name of a shipped profile; give your own profile another name");
  EXPECT_EQ(errorOfProfile(R"({"schema":"relayproof.profile/1","base":"strict","options":{}})"),
            "mine.json: the key \"name\" is missing");
}

TEST(FindProfile, ByNameOrFile) {
  EXPECT_EQ(findProfile("strict", shippedProfiles())->name, "strict");
  EXPECT_EQ(findProfile("strickt", shippedProfiles()).error().text(),
            "profile: there is no profile \"strickt\"; did you mean \"strict\"?; a file of your own ends in .json");
  EXPECT_THAT(findProfile("/nonexistent/mine.json", shippedProfiles()).error().text(), HasSubstr("No such file"));
  for (const char* file : {"/nonexistent/mine", "nonexistent.json"})
    EXPECT_THAT(findProfile(file, shippedProfiles()).error().text(), HasSubstr("No such file")) << file;
  const std::string file = testing::TempDir() + "mine-profile.json";
  std::ofstream(file) << R"({"schema":"relayproof.profile/1","name":"mine","base":"strict","options":{}})";
  EXPECT_EQ(findProfile(file, shippedProfiles())->name, "mine");
  EXPECT_FALSE(loadShippedProfiles("/nonexistent"));
}

TEST(ShippedProfiles, AreNamedLikeTheirFiles) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "misnamed-profiles";
  std::filesystem::create_directories(folder);
  std::string text = readFile(RELAYPROOF_SOURCE_DIR "/corpus/profiles/exo-2017.json").value();
  const auto name = text.find("\"exo-2017\"");
  ASSERT_NE(name, std::string::npos);
  text.replace(name, 10, "\"exo-2016\"");
  std::ofstream(folder / "exo-2017.json") << text;
  EXPECT_THAT(loadShippedProfiles(folder.string()).error().text(),
              HasSubstr("exo-2017.json: name: differs from the file's name; write \"exo-2017\""));
}

TEST(Assignment, NamesItsValues) {
  Assignment assignment;
  EXPECT_EQ(assignment[Option::denyReply], "550-5.7.64");
  assignment.value[static_cast<std::size_t>(Option::conditions)] = 3;
  EXPECT_EQ(assignment[Option::conditions], "independent");
}

}  // namespace
}  // namespace relayproof::verdict
