// One world through both books: the core and the reference relay's own decider.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runners/random_worlds.h"
#include "runners/reference/chain.h"
#include "runners/reference/decide.h"
#include "runners/reference/identity.h"
#include "runners/reference/relay.h"
#include "runners/relayproof/embedded.h"

namespace relayproof::worlds {

inline reference::CertificateNames namesOf(const World& world) {
  reference::CertificateNames names;
  names.commonNames.assign(world.commonNames.begin(), world.commonNames.end());
  names.dnsNames = world.dnsNames;
  names.subjectAltNameMalformed = world.subjectAltNameMalformed;
  names.otherSubjectIdentifiers = world.otherIdentifiers;
  return names;
}

/// What the relay would have found out of the chain.
inline reference::ChainFacts chainFacts(const World& world, const reference::Behaviour& behaviour) {
  reference::ChainFacts facts;
  facts.verified = world.verified;
  if (world.extendedKeyUsage) {
    const auto names = [&](std::string_view purpose) {
      return std::ranges::find(*world.extendedKeyUsage, purpose) != world.extendedKeyUsage->end();
    };
    facts.purposes = {names("clientAuth") || names("any"), names("serverAuth") || names("any"), names("clientAuth")};
  }
  if (world.revocation == "good") facts.revocation = reference::Revocation::good;
  if (world.revocation == "revoked") facts.revocation = reference::Revocation::revoked;
  if (world.revocation == "unknown") facts.revocation = reference::Revocation::unknown;
  // Of a world every common name lies outside, or none does.
  facts.commonNameOutsideConstraint =
      world.commonNameOutsideConstraint && !reference::constrainedCommonNames(namesOf(world), behaviour).empty();
  return facts;
}

inline Answer ofTheRelay(const World& world, const reference::Tenancy& tenancy, const reference::Steps& steps) {
  const reference::Behaviour behaviour = behaviourUnder(world.profile);
  reference::Peer peer;
  peer.address = *verdict::parseIpv4(world.address);
  peer.tls = world.tls;
  bool trusted = world.certificate && reference::isTrusted(chainFacts(world, behaviour), behaviour);
  if (trusted) {
    peer.identity = reference::identify(namesOf(world), behaviour);
    trusted = !peer.identity.rejected;
  }
  if (world.certificate && !trusted && !world.profile.allows(verdict::Option::untrustedCertificate, "treatAsNone"))
    return {"refuse-tls", "", {}};
  const auto pathOf = [](const std::string& text, reference::PathOf of) {
    return std::get<reference::PathAndArguments>(reference::parsePath("<" + text + ">", of)).path;
  };
  reference::Envelope envelope{pathOf(world.from, reference::PathOf::sender), {}, {}};
  if (!world.header.empty())
    envelope.headerDomain = reference::foldCase(world.header.substr(world.header.find('@') + 1));
  const reference::Decision decision =
      reference::decide(tenancy, behaviour, peer, envelope, pathOf(world.to, reference::PathOf::recipient), steps);
  constexpr std::array<std::string_view, 3> kWords = {"deliver", "relay", "deny"};
  return {std::string(kWords[static_cast<std::size_t>(decision.verdict)]),
          decision.tenant,
          {decision.basis.begin(), decision.basis.end()}};
}

/// Empty where both books agree, loaders included.
inline std::string difference(const World& world, const reference::Steps& steps = reference::rightSteps) {
  const auto loaded = reference::loadTenancy(world.tenancy.dump(), "");
  const auto* problem = std::get_if<reference::Problem>(&loaded);
  std::string refusal;
  try {
    verdict::readTenancy(Node(world.tenancy, "tenancy", {}));
  } catch (const Error& error) {
    refusal = error.text();
  }
  if ((problem != nullptr) != !refusal.empty())
    return fmt::format("one loader refuses: core \"{}\", relay \"{}\"", refusal, problem ? problem->text : "");
  if (problem != nullptr) return {};
  const Answer core = ofTheCore(world);
  const Answer relay = ofTheRelay(world, std::get<reference::Tenancy>(loaded), steps);
  return core == relay ? "" : fmt::format("core: {}; relay: {}", shown(core), shown(relay));
}

/// The smallest row of numbers found whose world still has a fault: numbers go, or come down to 0.
template <class FaultIn>
std::vector<std::uint8_t> shrunk(std::vector<std::uint8_t> numbers, FaultIn faultIn) {
  const auto isFaulty = [&](const std::vector<std::uint8_t>& row) { return !faultIn(worldIn(Draw(row))).empty(); };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t at = numbers.size(); at-- > 0;) {
      auto without = numbers;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(at));
      if (isFaulty(without)) {
        numbers = without;
        smaller = true;
        continue;
      }
      for (const std::uint8_t value : {std::uint8_t{0}, static_cast<std::uint8_t>(numbers[at] / 2)}) {
        auto lower = numbers;
        lower[at] = value;
        if (value < numbers[at] && isFaulty(lower)) {
          numbers = lower;
          smaller = true;
          break;
        }
      }
    }
  }
  return numbers;
}

}  // namespace relayproof::worlds
