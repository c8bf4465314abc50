#include "conformance/catalogue/compute.h"

#include <algorithm>

#include "conformance/catalogue/certificate_facts.h"

namespace relayproof::catalogue {
namespace {

/// Of a case's transaction, one recipient; the token decides nothing.
verdict::Envelope envelopeOf(const Catalogue& catalogue, const Bindings& bindings, const TransactionPlan& transaction,
                             const std::string& recipient) {
  const std::string anyToken = "token";
  return {address(catalogue, bindings, transaction.sender, true, anyToken),
          address(catalogue, bindings, transaction.header, true, anyToken),
          address(catalogue, bindings, recipient, false, anyToken)};
}

void addNew(std::vector<std::string>& words, std::string_view word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
}

}  // namespace

std::optional<certs::Fixture> fixtureOf(const Case& one, const certs::Mint& mint) {
  if (!one.fixture) return std::nullopt;
  return mint.issue(*one.fixture, Node(one.blueprint, one.place(), one.key() + ".certificate"));
}

verdict::Peer peerOf(const Case& one, const std::optional<certs::Fixture>& fixture, const Catalogue& catalogue,
                     certs::ChainVerifier& verifier, const Bindings& bindings, std::int64_t at) {
  verdict::Peer peer;
  const auto parsed = verdict::parseIpv4(clientAddress(catalogue, bindings, one.address));
  if (!parsed)
    throw Error{
        {}, "addresses." + one.address, "is no IPv4 address", "write four numbers from 0 to 255 and three dots"};
  peer.address = *parsed;
  peer.tls = one.tls != "none";
  if (fixture) {
    peer.certificate = certificateFacts(fixture->chain, verifier, at);
    peer.certificate->ownKey = fixture->ownKey;
  }
  return peer;
}

verdict::Profile widest(const std::vector<verdict::Profile>& shipped, verdict::Profile profile) {
  for (const verdict::Profile& other : shipped)
    for (std::size_t i = 0; i < profile.allowed.size(); ++i)
      profile.allowed[i] = static_cast<std::uint8_t>(profile.allowed[i] | other.allowed[i]);
  return profile;
}

AcceptableAnswers acceptableFor(const Catalogue& catalogue, const Case& one, const verdict::Peer& peer,
                                const verdict::Tenancy& tenancy, const Bindings& bindings,
                                const verdict::Profile& profile) {
  AcceptableAnswers all;
  for (const TransactionPlan& transaction : one.transactions) {
    auto& answers = all.emplace_back();
    for (const std::string& recipient : transaction.recipients) {
      if (transaction.smuggled) {
        answers.push_back({{verdict::Decision{}}, {}, "hidden in another message: no command of the session → deny"});
        continue;
      }
      answers.push_back(
          verdict::acceptable(tenancy, profile, peer, envelopeOf(catalogue, bindings, transaction, recipient)));
    }
  }
  return all;
}

WaysOf waysFor(const Catalogue& catalogue, const Case& one, const verdict::Peer& peer, const verdict::Tenancy& tenancy,
               const Bindings& bindings, const verdict::Profile& profile) {
  WaysOf all;
  for (const TransactionPlan& transaction : one.transactions) {
    auto& ways = all.emplace_back();
    for (const std::string& recipient : transaction.recipients)
      ways.push_back(transaction.smuggled ? std::vector<verdict::Way>{}
                                          : verdict::ways(tenancy, profile, peer,
                                                          envelopeOf(catalogue, bindings, transaction, recipient)));
  }
  return all;
}

Judged compute(const Catalogue& catalogue, const Case& one, const verdict::Peer& peer, const verdict::Tenancy& tenancy,
               const Bindings& bindings, const verdict::Profile& profile) {
  Judged judged;
  judged.tier = tierOf(catalogue, one);
  for (const std::string& id : one.sources)
    if (const auto source = catalogue.sources.find(id); source != catalogue.sources.end())
      for (const std::string& rule : source->second.rules) addNew(judged.rules, rule);

  judged.acceptable = acceptableFor(catalogue, one, peer, tenancy, bindings, profile);
  if (judged.tier == "must") return judged;
  const verdict::Profile all = widest(catalogue.profiles, profile);
  for (const auto& transaction : acceptableFor(catalogue, one, peer, tenancy, bindings, all))
    for (const verdict::Acceptable& recipient : transaction)
      for (const verdict::Option option : recipient.hangsOn)
        addNew(judged.hangsOn, verdict::optionTable()[static_cast<std::size_t>(option)].name);
  return judged;
}

}  // namespace relayproof::catalogue
