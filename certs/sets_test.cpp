// The sets that are shipped: as many fixtures as they promise, none of them padding, and each one what it says.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "certs/name_blueprint.h"
#include "certs/string_type.h"
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
INSTANTIATE_TEST_SUITE_P(Sets, ShippedSet, testing::Values("core", "names", "hostile"),
                         [](const auto& tested) { return tested.param; });

TEST_P(ShippedSet, HoldsAsManyFixturesAsItPromises) {
  const std::map<std::string, std::size_t> least{{"core", 30}, {"names", 2000}, {"hostile", 300}};
  EXPECT_GE(set.entries.size(), least.at(set.name));
  EXPECT_EQ(set.name, GetParam());
  EXPECT_FALSE(faultOfIds(set));
}

TEST_P(ShippedSet, SaysOfEachFixtureWhyAndByWhichSource) {
  const Json sources = Json::parse(*readFile(RELAYPROOF_SOURCE_DIR "/corpus/sources.json"))["sources"];
  for (const SetEntry& entry : set.entries) {
    EXPECT_THAT(entry.why, testing::MatchesRegex("([A-Z]|curl|libcurl|mbedTLS|rustls|wolfSSL).+\\.")) << entry.id;
    EXPECT_GT(entry.why.size(), 20U) << entry.id;
    EXPECT_THAT(entry.why, testing::Not(HasSubstr("  "))) << entry.id;
    EXPECT_FALSE(entry.sources.empty()) << entry.id;
    for (const std::string& source : entry.sources) EXPECT_TRUE(sources.contains(source)) << entry.id << ": " << source;
  }
}

TEST_P(ShippedSet, HoldsNoPadding) { EXPECT_THAT(padding(set), IsEmpty()); }

// The names of a blueprint, read from its JSON and not from what was minted. What stands in an element with a length of
// its own is for each such test to say.
struct Said {
  std::vector<PresentedIdentifier> commonNames;
  std::vector<PresentedIdentifier> dnsIds;
};

std::uint8_t tagOf(const Json& element) {
  return static_cast<std::uint8_t>(std::stoul(element["tag"].get<std::string>(), nullptr, 16));
}

PresentedIdentifier commonName(const Json& text) {
  if (text.is_object() && text.contains("tagged")) {
    const Json& element = text["tagged"];
    std::string octets;
    if (element["value"].is_array())
      for (const Json& each : element["value"]) octets += readElement(Node(each, "said", "cn"));
    else
      octets = readText(Node(element["value"], "said", "cn"), StringType::ia5).octets;
    return {IdentifierKind::commonName, stringTypeOfTag(tagOf(element)), octets};
  }
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

void addDnsIds(const Json& san, std::vector<PresentedIdentifier>& into) {
  for (const Json& name : san) {
    if (name.contains("dns")) into.push_back(dnsId(name["dns"]));
    if (name.contains("many")) addMany(name["many"], into);
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
      for (const char* attribute : {"CN", "2.5.4.3"})
        if (rdn.contains(attribute)) said.commonNames.push_back(commonName(rdn[attribute]));
  if (blueprint.value("sanForm", "") == "twice-second") addDnsIds(blueprint["sanOther"], said.dnsIds);
  if (blueprint.contains("dns"))
    for (const Json& name : blueprint["dns"]) said.dnsIds.push_back(dnsId(name));
  if (blueprint.contains("san")) addDnsIds(blueprint["san"], said.dnsIds);
  if (blueprint.value("sanForm", "") == "twice-first") addDnsIds(blueprint["sanOther"], said.dnsIds);
  if (blueprint.contains("extensions"))
    for (const Json& extension : blueprint["extensions"])
      if (extension["oid"] == "2.5.29.17" && extension.contains("tagged") && extension["tagged"]["tag"] == "30")
        for (const Json& name : extension["tagged"]["value"])
          if (name["tag"] == "82") said.dnsIds.push_back(dnsId(name["value"]));
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

// Editors and pipelines normalise text, and then a Kelvin sign is a K.
TEST(NamesSet, LooksAlikeBeyondAsciiAreBeyondAscii) {
  const std::set<std::string> beyond{"long-s",          "dotless-i",   "full-width",  "cyrillic",
                                     "ideographic-dot", "soft-hyphen", "wild-kelvin", "wild-cyrillic"};
  for (const SetEntry& entry : shippedSet("names").entries) {
    const std::string text = entry.blueprint.dump();
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const bool uLabel = entry.id.find(".label-u-label.") != std::string::npos;
    EXPECT_EQ(ascii, !uLabel && !beyond.contains(entry.id.substr(entry.id.rfind('.') + 1))) << entry.id;
  }
}

// Where the extension is malformed, what stands before the fault; where the subject is, nothing.
TEST(HostileSet, PresentsWhatItsBlueprintsSay) {
  std::set<std::string> unreadable, malformed;
  for (const SetEntry& entry : shippedSet("hostile").entries) {
    const auto read = subjectIdentifiers(issue(sharedMint(), entry.id, entry.blueprint.dump()).leaf);
    if (!read) {
      unreadable.insert(entry.id);
      continue;
    }
    Said said = saidBy(entry.blueprint);
    if (entry.id == "length.dns.cut-suffix") said.dnsIds.push_back(dnsId("mail.contoso.test"));
    if (entry.id == "length.dns.zero" || entry.id == "length.dns-beside-cn.zero") said.dnsIds.push_back(dnsId(""));
    EXPECT_EQ(read->commonNames, said.commonNames) << entry.id;
    if (read->subjectAltNameMalformed) {
      malformed.insert(entry.id);
      ASSERT_LE(read->dnsIds.size(), said.dnsIds.size()) << entry.id;
      said.dnsIds.resize(read->dnsIds.size());
    }
    EXPECT_EQ(read->dnsIds, said.dnsIds) << entry.id;
  }
  const auto family = [](const std::set<std::string>& ids) {
    std::set<std::string> families;
    for (const std::string& id : ids) families.insert(id.substr(0, id.find('.')));
    return families;
  };
  EXPECT_THAT(unreadable, testing::Each(testing::StartsWith("length.cn.")));
  EXPECT_EQ(unreadable.size(), 9U);
  EXPECT_THAT(family(malformed), ElementsAre("length", "san", "tag"));
  EXPECT_GE(malformed.size(), 70U);
}

// Each record that is about certificates, by the names of their fixtures.
TEST(HostileSet, HoldsEachRecordByItsShape) {
  std::set<std::string> records;
  for (const SetEntry& entry : shippedSet("hostile").entries)
    if (entry.id.starts_with("cve-") || entry.id.starts_with("rustsec-"))
      records.insert(entry.id.substr(0, entry.id.find('.')));
  EXPECT_GE(records.size(), 45U);
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
