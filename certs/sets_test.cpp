// The sets that are shipped: as many fixtures as they promise, none of them padding, and each one what it says.
#include <gmock/gmock.h>

#include <algorithm>

#include "certs/der.h"
#include "certs/name_blueprint.h"
#include "certs/test_shape.h"
#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ShippedSet : public testing::TestWithParam<const char*> {
 protected:
  const FixtureSet set = shippedSet(GetParam());
};
INSTANTIATE_TEST_SUITE_P(Sets, ShippedSet, testing::Values("names"), [](const auto& tested) { return tested.param; });

TEST_P(ShippedSet, HoldsAsManyFixturesAsItPromises) {
  const std::map<std::string, std::size_t> least{{"names", 2000}, {"hostile", 300}};
  EXPECT_GE(set.entries.size(), least.at(set.name));
  EXPECT_EQ(set.name, GetParam());
  EXPECT_FALSE(faultOfIds(set));
}

TEST_P(ShippedSet, SaysOfEachFixtureWhyAndByWhichSource) {
  const Json sources = Json::parse(*readFile(RELAYPROOF_SOURCE_DIR "/corpus/sources.json"))["sources"];
  for (const SetEntry& entry : set.entries) {
    EXPECT_THAT(entry.why, testing::MatchesRegex("[A-Z`].+\\.")) << entry.id;
    EXPECT_GT(entry.why.size(), 30U) << entry.id;
    EXPECT_THAT(entry.why, testing::Not(HasSubstr("  "))) << entry.id;
    EXPECT_FALSE(entry.sources.empty()) << entry.id;
    for (const std::string& source : entry.sources) EXPECT_TRUE(sources.contains(source)) << entry.id << ": " << source;
  }
}

TEST_P(ShippedSet, HoldsNoPadding) { EXPECT_THAT(padding(set), IsEmpty()); }

// The names of a blueprint, read from its JSON and not from what was minted.
struct Said {
  std::vector<PresentedIdentifier> commonNames;
  std::vector<PresentedIdentifier> dnsIds;
};

PresentedIdentifier commonName(const Json& text) {
  const Text value = readText(Node(text, "said", "cn"), StringType::utf8);
  return {IdentifierKind::commonName, value.type, value.octets};
}

PresentedIdentifier dnsId(const Json& text) {
  return {IdentifierKind::dnsId, StringType::ia5, readText(Node(text, "said", "dns"), StringType::ia5).octets};
}

void addMany(const Json& many, std::vector<PresentedIdentifier>& into) {
  for (int n = 1; n <= many["count"].get<int>(); ++n) {
    std::string text = many["dns"].get<std::string>();
    text.replace(text.find("{n}"), 3, std::to_string(n));
    into.push_back(dnsId(text));
  }
}

Said saidBy(const Json& blueprint) {
  Said said;
  if (blueprint.contains("cn")) {
    const Json& names = blueprint["cn"];
    for (const Json& name : names.is_array() ? names : Json::array({names}))
      said.commonNames.push_back(commonName(name));
  }
  if (blueprint.contains("subject"))
    for (const Json& rdn : blueprint["subject"])
      if (rdn.contains("CN")) said.commonNames.push_back(commonName(rdn["CN"]));
  if (blueprint.contains("dns"))
    for (const Json& name : blueprint["dns"]) said.dnsIds.push_back(dnsId(name));
  if (blueprint.contains("san"))
    for (const Json& name : blueprint["san"]) {
      if (name.contains("dns")) said.dnsIds.push_back(dnsId(name["dns"]));
      if (name.contains("many")) addMany(name["many"], said.dnsIds);
    }
  return said;
}

TEST(NamesSet, PresentsWhatItsBlueprintsSayAndVerifies) {
  ChainVerifier verifier(sharedMint().trustAnchors());
  for (const SetEntry& entry : shippedSet("names").entries) {
    const Minted minted = mintEntry(entry, sharedMint(), verifier);
    const Said said = saidBy(entry.blueprint);
    ASSERT_TRUE(minted.identifiers) << entry.id;
    EXPECT_EQ(minted.identifiers->commonNames, said.commonNames) << entry.id;
    EXPECT_EQ(minted.identifiers->dnsIds, said.dnsIds) << entry.id;
    EXPECT_FALSE(minted.identifiers->subjectAltNameMalformed) << entry.id;
    EXPECT_EQ(minted.facts.error, "") << entry.id;
  }
}

FixtureSet setOfNames(const std::vector<std::string>& names) {
  FixtureSet set;
  set.tenancy =
      Json::parse(R"({"tenants":[{"inboundConnectors":[{"tlsSenderCertificateName":"mail.contoso.test"}]}]})");
  for (const std::string& name : names)
    set.entries.push_back({name, "w", {}, Json{{"dns", Json::array({name})}}, "", "", {}});
  return set;
}

TEST(Padding, IsWhatDiffersInWordsAlone) {
  EXPECT_THAT(padding(setOfNames({"host.contoso.test", "gate.contoso.test"})),
              ElementsAre("gate.contoso.test differs from host.contoso.test in words alone"));
  EXPECT_THAT(padding(setOfNames({"mail.a1.test", "mail.b22.test"})), testing::SizeIs(1));
  EXPECT_THAT(padding(setOfNames({"evilmail.contoso.test", "hostmail.contoso.test"})), testing::SizeIs(1));
  FixtureSet twice = setOfNames({"mail.contoso.test", "mail.contoso.test"});
  EXPECT_THAT(padding(twice), testing::SizeIs(1));
  twice.entries[1].blueprint = Json::parse(R"({"dns":["mail.contoso.test"],"sanForm":"critical"})");
  EXPECT_THAT(padding(twice), IsEmpty());
}

TEST(Padding, IsNoMatterOfHowANameStandsToAConnector) {
  EXPECT_THAT(padding(setOfNames({"mail.contoso.test",
                                  "host.contoso.test",
                                  "contoso.test",
                                  "host.mail.contoso.test",
                                  "evilmail.contoso.test",
                                  "mail.contoso.test.evil.test",
                                  "mail.contoso.tes",
                                  "mail.contosa.test",
                                  "mailcontoso.test",
                                  "MAIL.CONTOSO.TEST",
                                  "Mail.Contoso.Test",
                                  "mail.contoso.test.",
                                  "*.contoso.test",
                                  "h-t.contoso.test",
                                  "-ht.contoso.test",
                                  "h.contoso.test",
                                  "h_t.contoso.test",
                                  "1.contoso.test",
                                  "xn--ht.contoso.test",
                                  std::string(63, 'a') + ".contoso.test",
                                  std::string(64, 'a') + ".contoso.test"})),
              IsEmpty());
}

}  // namespace
}  // namespace relayproof::certs
