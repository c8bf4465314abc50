// What holds of the core in every world, whatever the options are. Each is told a world and the core's answer there,
// and says what breaks it; empty: nothing does.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "runners/random_worlds.h"

namespace relayproof::worlds {
namespace invariant {

inline bool has(const World& world, verdict::Option option, std::string_view value) {
  return world.profile.allows(option, value);
}

inline std::string unlessSame(const Answer& before, const World& other, std::string_view change) {
  const Answer after = ofTheCore(other);
  return after == before ? "" : fmt::format("{}: {} became {}", change, shown(before), shown(after));
}

// With several tenants it may: a conflict goes with one of them.
inline std::string withoutAConnectorNothingMoreIsRelayed(const World& world, const Answer& before) {
  if (world.tenancy["tenants"].size() != 1 || before.verdict != "deny") return {};
  const Json connectors = world.tenancy["tenants"][0].value("inboundConnectors", Json::array());
  for (std::size_t at = 0; at < connectors.size(); ++at) {
    World less = world;
    Json& left = less.tenancy["tenants"][0]["inboundConnectors"];
    left[at]["enabled"] = false;
    if (ofTheCore(less).verdict == "relay") return "relays once this is disabled: " + connectors[at].dump();
    left.erase(at);
    if (ofTheCore(less).verdict == "relay") return "relays once this is removed: " + connectors[at].dump();
  }
  return {};
}

inline std::string aTenantOfNobodysBusinessChangesNothing(const World& world, const Answer& before) {
  static const Json other =
      Json::parse(R"({"id":"other","acceptedDomains":[{"name":"other.invalid"}],"inboundConnectors":[
      {"name":"c","tlsSenderCertificateName":"*.other.invalid"},{"name":"a","senderIPAddresses":["203.0.113.0/24"]},
      {"name":"p","connectorType":"Partner","restrictDomainsToCertificate":true,
       "tlsSenderCertificateName":"*.other.invalid"}]})");
  World more = world;
  more.tenancy["tenants"].push_back(other);
  return unlessSame(before, more, "with one tenant more");
}

inline std::string orderIsIrrelevant(const World& world, const Answer& before) {
  World turned = world;
  std::reverse(turned.dnsNames.begin(), turned.dnsNames.end());
  if (has(world, verdict::Option::multipleCommonNames, "all"))
    std::reverse(turned.commonNames.begin(), turned.commonNames.end());
  for (Json& tenant : turned.tenancy["tenants"])
    for (const char* list : {"inboundConnectors", "acceptedDomains"})
      if (tenant.contains(list)) std::reverse(tenant[list].begin(), tenant[list].end());
  std::reverse(turned.tenancy["tenants"].begin(), turned.tenancy["tenants"].end());
  return unlessSame(before, turned, "in the other order");
}

inline std::string asciiCaseIsIrrelevant(const World& world, const Answer& before) {
  const auto raise = [](std::string& text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  };
  World capital = world;
  for (std::string* text : {&capital.from, &capital.header, &capital.to}) raise(*text);
  for (auto* names : {&capital.commonNames, &capital.dnsNames}) std::ranges::for_each(*names, raise);
  return unlessSame(before, capital, "in capitals");
}

inline std::string anUnverifiedCertificateGivesNothing(const World& world, const Answer&) {
  World unverified = world;
  unverified.verified = false;
  const Answer answer = ofTheCore(unverified);
  if (answer.basis.contains("3b") || answer.basis.contains("3b-2023")) return "unverified: " + shown(answer);
  if (answer.verdict == "refuse-tls") return {};
  World none = world;
  none.certificate = false;
  return unlessSame(answer, none, "without the unverified certificate");
}

// A name fewer may let the common name count, or a certificate whose malformed name spoiled it: those options aside.
inline std::string aNameFewerGrantsNothingMore(const World& world, const Answer& before) {
  if (world.tenancy["tenants"].size() != 1 || before.basis.contains("3b") ||
      !has(world, verdict::Option::malformedSibling, "ignoreIt") ||
      has(world, verdict::Option::commonName, "whenNoDnsId") ||
      has(world, verdict::Option::commonName, "whenNoSubjectIdentifier"))
    return {};
  for (std::size_t at = 0; at < world.dnsNames.size(); ++at) {
    World less = world;
    less.dnsNames.erase(less.dnsNames.begin() + static_cast<std::ptrdiff_t>(at));
    if (ofTheCore(less).basis.contains("3b")) return "granted without the name " + world.dnsNames[at];
  }
  return {};
}

}  // namespace invariant

struct Invariant {
  std::string_view name;
  std::string (*broken)(const World& world, const Answer& before);
};

inline constexpr std::array kInvariants = {
    Invariant{"WithoutAConnectorNothingMoreIsRelayed", invariant::withoutAConnectorNothingMoreIsRelayed},
    Invariant{"ATenantOfNobodysBusinessChangesNothing", invariant::aTenantOfNobodysBusinessChangesNothing},
    Invariant{"OrderIsIrrelevant", invariant::orderIsIrrelevant},
    Invariant{"AsciiCaseIsIrrelevant", invariant::asciiCaseIsIrrelevant},
    Invariant{"AnUnverifiedCertificateGivesNothing", invariant::anUnverifiedCertificateGivesNothing},
    Invariant{"ANameFewerGrantsNothingMore", invariant::aNameFewerGrantsNothingMore}};

/// Do the tenants make a tenancy?
inline bool isInOrder(const World& world) {
  try {
    verdict::readTenancy(Node(world.tenancy, {}, {}));
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Which of them is broken there, and how; empty: none. The tenancy is in order.
inline std::string brokenInvariant(const World& world) {
  const Answer before = ofTheCore(world);
  for (const Invariant& one : kInvariants)
    if (const std::string how = one.broken(world, before); !how.empty()) return fmt::format("{}: {}", one.name, how);
  return {};
}

}  // namespace relayproof::worlds
