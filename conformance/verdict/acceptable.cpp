#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "conformance/verdict/decide.h"
#include "conformance/verdict/outcome_tree.h"
#include "conformance/verdict/reasoning.h"
#include "conformance/verdict/ways.h"

namespace relayproof::verdict {
namespace {

// What the combinations of a profile come to, as they are visited: an answer a verdict and tenant.
struct Answer {
  std::set<Basis> basis;  // of all combinations that give it
  std::size_t first;      // place of the first of them in `combinations`
  std::string how;        // and its derivation
};

struct Answers {
  std::map<std::pair<Verdict, std::optional<std::string>>, Answer> all;
  std::vector<Combination> combinations;

  void add(const Reasoning& reasoning, const Choices& choices) {
    const Decision& decision = reasoning.decision;
    const auto [found, isNew] =
        all.try_emplace({decision.verdict, decision.tenant}, Answer{decision.basis, combinations.size(), {}});
    Answer& answer = found->second;
    if (isNew) answer.how = derivation(reasoning);
    answer.basis.insert(decision.basis.begin(), decision.basis.end());
    Combination& combination = combinations.emplace_back();
    const auto asked = choices.asked();
    std::copy(asked.begin(), asked.end(), combination.trail.begin());
    combination.length = asked.size();
    combination.outcome = answer.first;
  }
};

// The values, among those that matter, of one combination.
std::string condition(const Combination& combination, const std::vector<Option>& hangsOn) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < combination.length; ++i) {
    const auto [option, value] = combination.trail[i];
    if (std::find(hangsOn.begin(), hangsOn.end(), option) == hangsOn.end()) continue;
    const OptionInfo& info = optionTable()[static_cast<std::size_t>(option)];
    parts.push_back(fmt::format("{}={}", info.name, info.values[value]));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

constexpr unsigned bit(auto value) { return 1U << static_cast<unsigned>(value); }

// What a relay is free to do with some certificates, whatever a profile says.
struct Freedom {
  Option option;
  unsigned values;
  bool (*holds)(const ClientCertificate&, const Profile&);
};
constexpr Freedom kFreedoms[] = {
    // Who cannot sign the handshake may always be refused it (RFC 5246 7.4.8, RFC 8446 4.4.3).
    {Option::untrustedCertificate, bit(UntrustedCertificate::refuseTls),
     [](const ClientCertificate& certificate, const Profile&) { return !certificate.ownKey; }},
    // Of a subjectAltName that is none, is empty or stands twice, some libraries take what they find, and others take
    // nothing of the certificate (RFC 5280 4.2, 4.2.1.6).
    {Option::malformedSibling, bit(MalformedSibling::ignoreIt) | bit(MalformedSibling::rejectCertificate),
     [](const ClientCertificate& certificate, const Profile&) { return certificate.subjectAltNameMalformed; }},
    // Who requires a purpose may refuse a certificate that names only "any" (RFC 5280 4.2.1.12).
    {Option::extendedKeyUsage, bit(ExtendedKeyUsage::clientAuth) | bit(ExtendedKeyUsage::clientOrServer),
     [](const ClientCertificate& certificate, const Profile& profile) {
       return certificate.extendedKeyUsage == std::vector<std::string>{"any"} &&
              profile.allowed[static_cast<std::size_t>(Option::extendedKeyUsage)] != bit(ExtendedKeyUsage::ignored);
     }},
};

bool isFree(const Freedom& freedom, const Peer& peer, const Profile& profile) {
  return peer.certificate && freedom.holds(*peer.certificate, profile);
}

}  // namespace

Profile towards(const Peer& peer, Profile profile) {
  for (const Freedom& freedom : kFreedoms)
    if (isFree(freedom, peer, profile))
      profile.allowed[static_cast<std::size_t>(freedom.option)] |= static_cast<std::uint8_t>(freedom.values);
  return profile;
}

std::vector<Way> ways(const Tenancy& tenancy, const Profile& profile, const Peer& peer, const Envelope& envelope) {
  const Domains domains = domainsOf(envelope);
  std::vector<Way> all;
  Choices choices(towards(peer, profile));
  do {
    const Reasoning reasoning = reason(tenancy, peer, domains, choices);
    Way& way = all.emplace_back();
    way.verdict = reasoning.decision.verdict;
    way.tenant = reasoning.decision.tenant;
    // What everybody may do tells of nobody's option.
    for (const Choices::Choice& choice : choices.asked())
      if (std::none_of(std::begin(kFreedoms), std::end(kFreedoms), [&](const Freedom& freedom) {
            return freedom.option == choice.option && isFree(freedom, peer, profile);
          }))
        way.choices.push_back(choice);
  } while (choices.next());
  return all;
}

Acceptable acceptable(const Tenancy& tenancy, const Profile& profile, const Peer& peer, const Envelope& envelope) {
  const Domains domains = domainsOf(envelope);
  Answers found;
  Choices choices(towards(peer, profile));
  do {
    found.add(reason(tenancy, peer, domains, choices), choices);
  } while (choices.next());

  Acceptable result;
  const bool open = found.all.size() > 1;
  result.hangsOn = optionsThatMatter(found.combinations);
  for (auto& [what, answer] : found.all) {
    if (!result.derivation.empty()) result.derivation += '\n';
    if (open) result.derivation += condition(found.combinations[answer.first], result.hangsOn) + ": ";
    result.derivation += answer.how;
    result.answers.push_back({what.first, what.second, std::move(answer.basis)});
  }
  return result;
}

std::set<Wire> Acceptable::wire() const {
  std::set<Wire> seen;
  for (const Decision& answer : answers) seen.insert(onTheWire(answer.verdict));
  return seen;
}

}  // namespace relayproof::verdict
