// Two books against each other: random tenancies, certificates and envelopes through the core and through the reference
// relay's own decider, under random assignments of the options. What differs is made small and printed as a question.
#include "runners/differential.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runners/reference/chain.h"
#include "runners/reference/decide.h"
#include "runners/reference/faults.h"
#include "runners/reference/identity.h"
#include "runners/reference/relay.h"
#include "runners/relayproof/embedded.h"

namespace relayproof::worlds {
namespace {

constexpr int kWorlds = 25'000;

class Differential : public testing::TestWithParam<unsigned> {};

// 200,000 worlds in all, under fixed seeds.
TEST_P(Differential, CoreAndReferenceRelayAgree) {
  Worlds worlds(GetParam());
  for (int i = 0; i < (kSanitized ? kWorlds / 10 : kWorlds); ++i) {
    const std::vector<std::uint8_t> numbers = worlds.next();
    if (difference(worldIn(Draw(numbers))).empty()) continue;
    const World small = worldIn(Draw(shrunk(numbers, [](const World& world) { return difference(world); })));
    FAIL() << difference(small) << "\n" << question(small);
  }
}
constexpr unsigned kSeeds = 8;
INSTANTIATE_TEST_SUITE_P(Seeds, Differential, testing::Range(1U, 1 + kSeeds));

/// Is there one such world among those of the whole run?
template <class Predicate>
bool anyWorld(Predicate shows) {
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    Worlds worlds(seed);
    for (int i = 0; i < kWorlds; ++i)
      if (shows(worldIn(Draw(worlds.next())))) return true;
  }
  return false;
}

bool isRight(const reference::Steps& steps) {
  const reference::Steps& right = reference::rightSteps;
  return steps.matches == right.matches && steps.grants == right.grants && steps.holds == right.holds &&
         steps.registered == right.registered && steps.covers == right.covers && steps.sendsFor == right.sendsFor;
}

// The worlds are rich enough: what is planted in the decider of one book shows.
TEST(DifferentialTest, EveryFaultOfTheDeciderShows) {
  int planted = 0;
  for (const reference::KnownBug& bug : reference::knownBugs()) {
    reference::Conduct conduct;
    bug.put(conduct);
    if (isRight(conduct.steps)) continue;
    ++planted;
    EXPECT_TRUE(anyWorld([&](const World& world) { return !difference(world, conduct.steps).empty(); })) << bug.name;
  }
  EXPECT_GE(planted, 20);
}

// So does an option that one book takes for another of its values.
TEST(DifferentialTest, EveryOptionOfTheDeciderShows) {
  using verdict::Option;
  for (std::size_t option = 0; option < verdict::kOptionCount; ++option) {
    const Option each{static_cast<std::uint8_t>(option)};
    if (each == Option::resumption || each == Option::denyStage || each == Option::denyReply) continue;
    const verdict::OptionInfo& info = verdict::optionTable()[option];
    for (std::size_t other = 1; other < info.values.size(); ++other) {
      EXPECT_TRUE(anyWorld([&](const World& world) {
        const auto tenancy = reference::loadTenancy(world.tenancy.dump(), "");
        if (!std::holds_alternative<reference::Tenancy>(tenancy)) return false;
        World mistaken = world;
        const auto value = static_cast<std::size_t>(std::countr_zero(world.profile.allowed[option]));
        mistaken.profile.allowed[option] = static_cast<std::uint8_t>(1U << (value + other) % info.values.size());
        return !(ofTheCore(world) ==
                 ofTheRelay(mistaken, std::get<reference::Tenancy>(tenancy), reference::rightSteps));
      })) << info.name;
    }
  }
}

bool readable(const std::string& path, reference::PathOf of) {
  return std::holds_alternative<reference::PathAndArguments>(reference::parsePath("<" + path + ">", of));
}

/// The world of a row of corpus/tables/decide.json; nullopt where the relay turns down a path by its syntax.
std::optional<World> worldOf(const Json& row, const Json& tenancies, const verdict::Profile& profile) {
  World world;
  world.tenancy = tenancies.at(row.at("tenancy").get<std::string>());
  world.profile = profile;
  const Json& peer = row.at("peer");
  world.address = peer.value("address", "198.51.100.9");
  world.tls = peer.value("tls", true);
  world.certificate = peer.contains("certificate");
  if (world.certificate) {
    const Json& certificate = peer["certificate"];
    world.verified = certificate.value("verified", true);
    world.otherIdentifiers = certificate.value("otherSubjectIdentifiers", false);
    world.subjectAltNameMalformed = certificate.value("subjectAltNameMalformed", false);
    world.commonNameOutsideConstraint = certificate.value("commonNameOutsideConstraint", false);
    if (certificate.contains("extendedKeyUsage"))
      world.extendedKeyUsage = certificate["extendedKeyUsage"].get<std::vector<std::string>>();
    world.revocation = certificate.value("revocation", "");
    world.commonNames = certificate.value("cn", std::vector<std::string>{});
    for (const std::string& name : certificate.value("dns", std::vector<std::string>{})) {
      // One code point an octet.
      const auto points = certs::decodeString(certs::StringType::utf8, name).value();
      world.dnsNames.emplace_back(points.begin(), points.end());
    }
  }
  world.from = row.at("envelope").at("from");
  world.header = row.at("envelope").value("header", "");
  world.to = row.at("envelope").at("to");
  if (!readable(world.from, reference::PathOf::sender) || !readable(world.to, reference::PathOf::recipient))
    return std::nullopt;
  return world;
}

// The third book: what was written by hand holds of the relay too, whose one way has to be among the right ones.
TEST(DifferentialTest, TheTableOfDecisionsHoldsOfTheRelay) {
  const std::string corpus = RELAYPROOF_SOURCE_DIR "/corpus";
  const Json table = Json::parse(*readFile(corpus + "/tables/decide.json"));
  const auto profiles = verdict::loadShippedProfiles(corpus + "/profiles").value();
  std::size_t asked = 0;
  for (const Json& row : table["rows"])
    for (const verdict::Profile& profile : profiles) {
      const auto world = worldOf(row, table["tenancies"], profile);
      if (!world) continue;
      ++asked;
      const auto tenancy = std::get<reference::Tenancy>(reference::loadTenancy(world->tenancy.dump(), ""));
      const Answer answer = ofTheRelay(*world, tenancy, reference::rightSteps);
      const Json& right = row["expect"].contains(profile.name) ? row["expect"][profile.name] : row["expect"]["all"];
      const std::string head = answer.verdict + (answer.tenant.empty() ? "" : " " + answer.tenant);
      EXPECT_TRUE(std::any_of(right.begin(), right.end(),
                              [&](const std::string& text) {
                                return text.starts_with(head) &&
                                       std::all_of(answer.basis.begin(), answer.basis.end(), [&](const auto& basis) {
                                         return (text + " ").find(" " + basis + " ") != std::string::npos;
                                       });
                              }))
          << row << "\n"
          << profile.name << ": " << shown(answer);
    }
  EXPECT_GE(asked, 1500U);
}

}  // namespace
}  // namespace relayproof::worlds
