// What holds of the core in every world, whatever the options are.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <string>

#include "runners/random_worlds.h"

namespace relayproof::worlds {
namespace {

/// Calls `check` with that many worlds in which the tenancy is in order.
void inManyWorlds(unsigned seed, const std::function<void(const World&, const Answer&)>& check) {
  constexpr int kWorlds = kSanitized ? 1'000 : 10'000;
  Worlds worlds(seed);
  for (int i = 0; i < kWorlds && !testing::Test::HasFailure(); ++i) {
    const World world = worldIn(Draw(worlds.next()));
    try {
      verdict::readTenancy(Node(world.tenancy, {}, {}));
    } catch (const Error&) {
      continue;
    }
    SCOPED_TRACE(question(world));
    check(world, ofTheCore(world));
  }
}

bool has(const World& world, verdict::Option option, std::string_view value) {
  return world.profile.allows(option, value);
}

std::string upperCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// With several tenants it may: a conflict goes with one of them.
TEST(Invariants, WithoutAConnectorNothingMoreIsRelayed) {
  inManyWorlds(1, [](const World& world, const Answer& before) {
    if (world.tenancy["tenants"].size() != 1 || before.verdict != "deny") return;
    const Json connectors = world.tenancy["tenants"][0].value("inboundConnectors", Json::array());
    for (std::size_t at = 0; at < connectors.size(); ++at) {
      World less = world;
      Json& left = less.tenancy["tenants"][0]["inboundConnectors"];
      left[at]["enabled"] = false;
      EXPECT_NE(ofTheCore(less).verdict, "relay") << "disabled: " << connectors[at];
      left.erase(at);
      EXPECT_NE(ofTheCore(less).verdict, "relay") << "removed: " << connectors[at];
    }
  });
}

TEST(Invariants, ATenantOfNobodysBusinessChangesNothing) {
  const Json other = Json::parse(R"({"id":"other","acceptedDomains":[{"name":"other.invalid"}],"inboundConnectors":[
      {"name":"c","tlsSenderCertificateName":"*.other.invalid"},{"name":"a","senderIPAddresses":["203.0.113.0/24"]},
      {"name":"p","connectorType":"Partner","restrictDomainsToCertificate":true,
       "tlsSenderCertificateName":"*.other.invalid"}]})");
  inManyWorlds(2, [&](const World& world, const Answer& before) {
    World more = world;
    more.tenancy["tenants"].push_back(other);
    EXPECT_EQ(shown(ofTheCore(more)), shown(before));
  });
}

TEST(Invariants, OrderIsIrrelevant) {
  inManyWorlds(3, [](const World& world, const Answer& before) {
    World turned = world;
    std::reverse(turned.dnsNames.begin(), turned.dnsNames.end());
    if (has(world, verdict::Option::multipleCommonNames, "all"))
      std::reverse(turned.commonNames.begin(), turned.commonNames.end());
    for (Json& tenant : turned.tenancy["tenants"])
      for (const char* list : {"inboundConnectors", "acceptedDomains"})
        if (tenant.contains(list)) std::reverse(tenant[list].begin(), tenant[list].end());
    std::reverse(turned.tenancy["tenants"].begin(), turned.tenancy["tenants"].end());
    EXPECT_EQ(shown(ofTheCore(turned)), shown(before));
  });
}

TEST(Invariants, AsciiCaseIsIrrelevant) {
  inManyWorlds(4, [](const World& world, const Answer& before) {
    World capital = world;
    for (std::string* text : {&capital.from, &capital.header, &capital.to}) *text = upperCase(*text);
    for (auto* names : {&capital.commonNames, &capital.dnsNames})
      for (std::string& name : *names) name = upperCase(name);
    EXPECT_EQ(shown(ofTheCore(capital)), shown(before));
  });
}

TEST(Invariants, AnUnverifiedCertificateGivesNothing) {
  inManyWorlds(5, [](const World& world, const Answer&) {
    World unverified = world;
    unverified.verified = false;
    const Answer answer = ofTheCore(unverified);
    EXPECT_FALSE(answer.basis.contains("3b") || answer.basis.contains("3b-2023"));
    World none = world;
    none.certificate = false;
    if (answer.verdict == "refuse-tls") return;
    EXPECT_EQ(shown(answer), shown(ofTheCore(none)));
  });
}

// A name fewer may let the common name count, or a certificate whose malformed name spoiled it: those options aside.
TEST(Invariants, ANameFewerGrantsNothingMore) {
  inManyWorlds(6, [](const World& world, const Answer& before) {
    if (world.tenancy["tenants"].size() != 1 || before.basis.contains("3b") ||
        !has(world, verdict::Option::malformedSibling, "ignoreIt") ||
        has(world, verdict::Option::commonName, "whenNoDnsId") ||
        has(world, verdict::Option::commonName, "whenNoSubjectIdentifier"))
      return;
    for (std::size_t at = 0; at < world.dnsNames.size(); ++at) {
      World less = world;
      less.dnsNames.erase(less.dnsNames.begin() + static_cast<std::ptrdiff_t>(at));
      EXPECT_FALSE(ofTheCore(less).basis.contains("3b")) << world.dnsNames[at];
    }
  });
}

}  // namespace
}  // namespace relayproof::worlds
