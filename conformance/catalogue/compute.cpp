#include "conformance/catalogue/compute.h"

#include <algorithm>
#include <ctime>
#include <set>
#include <utility>

#include "conformance/catalogue/certificate_facts.h"
#include "conformance/catalogue/family.h"
#include "conformance/catalogue/lists.h"

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

using verdict::Acceptable;

constexpr int kAfterLifetime = 1;  // seconds

std::string timeText(std::int64_t at) {
  const auto seconds = static_cast<std::time_t>(at);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

certs::Fixture minted(const std::string& id, Json blueprint, const Case& one, const std::string& key,
                      const certs::Mint& mint, std::int64_t at) {
  if (one.period) {
    blueprint["notBefore"] = timeText(at + one.period->from);
    blueprint["notAfter"] = timeText(at + one.period->until);
  }
  if (one.earlier && one.earlier->lifetime) blueprint["notAfter"] = timeText(at + *one.earlier->lifetime);
  return mint.issue(id, Node(blueprint, one.place(), key));
}

verdict::Revocation revocationOf(const std::vector<std::string>& chain, const Catalogue& catalogue,
                                 const certs::Mint& mint, std::int64_t at) {
  switch (certs::standingOf(chain, mint.trustAnchors(), listsByUri(catalogue, mint), at)) {
    case certs::Standing::notNamed:
      return verdict::Revocation::notNamed;
    case certs::Standing::good:
      return verdict::Revocation::good;
    case certs::Standing::revoked:
      return verdict::Revocation::revoked;
    case certs::Standing::unknown:
      break;
  }
  return verdict::Revocation::unknown;
}

void addNew(std::vector<std::string>& words, std::string_view word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
}

}  // namespace

std::optional<certs::Fixture> fixtureOf(const Case& one, const certs::Mint& mint) {
  if (!one.fixture) return std::nullopt;
  return mint.issue(*one.fixture, Node(one.blueprint, one.place(), one.key() + ".certificate"));
}

std::optional<certs::Fixture> fixtureOf(const Case& one, const certs::Mint& mint, std::int64_t at) {
  if (!one.fixture) return std::nullopt;
  return minted(*one.fixture, one.blueprint, one, one.key() + ".certificate", mint, at);
}

std::optional<certs::Fixture> earlierFixtureOf(const Case& one, const certs::Mint& mint, std::int64_t at) {
  if (!one.earlier->fixture) return std::nullopt;
  const bool same = one.fixture && one.earlier->blueprint == one.blueprint;  // then it is the very same certificate
  return minted(same ? *one.fixture : *one.earlier->fixture, one.earlier->blueprint, one,
                one.key() + ".earlier.certificate", mint, at);
}

std::optional<certs::Fixture> besideFixtureOf(const Case& one, const certs::Mint& mint, std::int64_t at) {
  if (!one.beside->fixture) return std::nullopt;
  return minted(*one.beside->fixture, one.beside->blueprint, one, one.key() + ".beside.certificate", mint, at);
}

namespace {

verdict::Ipv4 ipv4Of(const Catalogue& catalogue, const Bindings& bindings, const std::string& name) {
  const auto parsed = verdict::parseIpv4(clientAddress(catalogue, bindings, name));
  if (!parsed)
    throw Error{{}, "addresses." + name, "is no IPv4 address", "write four numbers from 0 to 255 and three dots"};
  return *parsed;
}

}  // namespace

Peers peersOf(const Case& one, const std::optional<certs::Fixture>& fixture, const Catalogue& catalogue,
              const certs::Mint& mint, certs::ChainVerifier& verifier, const Bindings& bindings, std::int64_t at) {
  verdict::Peer peer;
  peer.address = ipv4Of(catalogue, bindings, one.address);
  peer.tls = one.tls != "none";
  const auto with = [&](const std::optional<certs::Fixture>& presented, std::int64_t when) {
    verdict::Peer made = peer;
    if (!presented) return made;
    made.certificate = certificateFacts(presented->chain, verifier, when);
    if (made.certificate->revocation != verdict::Revocation::notNamed)
      made.certificate->revocation = revocationOf(presented->chain, catalogue, mint, when);
    made.certificate->ownKey = presented->ownKey && one.proof.empty();
    return made;
  };
  Peers peers{with(fixture, at), std::nullopt, std::nullopt};
  if (one.beside) {
    peers.beside = with(besideFixtureOf(one, mint, at), at);
    peers.beside->address = ipv4Of(catalogue, bindings, one.beside->address);
    peers.beside->tls = one.beside->tls != "none";
  }
  if (!one.earlier) return peers;
  const std::optional<certs::Fixture> before = earlierFixtureOf(one, mint, at);
  if (!one.earlier->lifetime) return {with(fixture, at), with(before, at), std::nullopt};
  const std::int64_t then = at + *one.earlier->lifetime + kAfterLifetime;
  return {with(fixture, then), with(before, at), with(before, then)};
}

namespace {

void add(Acceptable& all, const Acceptable& more, const std::string& when) {
  for (const verdict::Decision& answer : more.answers) {
    const auto same = std::find_if(all.answers.begin(), all.answers.end(), [&](const verdict::Decision& known) {
      return known.verdict == answer.verdict && known.tenant == answer.tenant;
    });
    if (same == all.answers.end())
      all.answers.push_back(answer);
    else
      same->basis.insert(answer.basis.begin(), answer.basis.end());
  }
  for (const verdict::Option option : more.hangsOn)
    if (std::find(all.hangsOn.begin(), all.hangsOn.end(), option) == all.hangsOn.end()) all.hangsOn.push_back(option);
  if (!all.derivation.empty()) all.derivation += '\n';
  all.derivation += when + more.derivation;
}

Acceptable answersTo(const verdict::Envelope& envelope, const TransactionPlan& transaction, const Case& one,
                     const Peers& peers, const verdict::Tenancy& tenancy, const verdict::Profile& profile) {
  const auto of = [&](const verdict::Peer& peer) { return verdict::acceptable(tenancy, profile, peer, envelope); };
  if (transaction.beside) return of(*peers.beside);
  // What another session was, this one is not.
  if (!one.earlier || one.earlier->by == "session") return of(peers.own);
  Acceptable all;
  // Neither a second handshake in a session nor the offer of an earlier one has to be met; one that was met is no
  // reason to refuse.
  if (one.earlier->inThisSession() || profile.allows(verdict::Option::resumption, "fullHandshake"))
    add(all,
        {{verdict::Decision{.verdict = verdict::Verdict::refuseTls, .tenant = {}, .basis = {}}}, {}, "→ refuse-tls"},
        "no such handshake ");
  if (one.earlier->inThisSession()) {
    // Nor has it to believe a certificate that comes so late.
    verdict::Peer nobody = peers.own;
    nobody.certificate.reset();
    add(all, of(peers.own), "");
    add(all, of(nobody), "the second certificate left aside: ");
  } else {
    verdict::Peer nobody = *peers.earlier;
    nobody.certificate.reset();
    std::vector<std::pair<std::string_view, const verdict::Peer*>> taken = {
        {"originalIdentity", &*peers.earlier}, {"noIdentity", &nobody}, {"fullHandshake", &peers.own}};
    // To look at its date again is recommended and no more (RFC 8446 4.6.1).
    if (peers.earlierAnew) taken.emplace_back("originalIdentity", &*peers.earlierAnew);
    std::set<std::vector<std::pair<verdict::Wire, std::optional<std::string>>>> shown;
    for (const auto& [value, peer] : taken) {
      if (!profile.allows(verdict::Option::resumption, value)) continue;
      const Acceptable answers = of(*peer);
      std::vector<std::pair<verdict::Wire, std::optional<std::string>>> shows;
      for (const verdict::Decision& answer : answers.answers)
        shows.emplace_back(verdict::onTheWire(answer.verdict), answer.tenant);
      shown.insert(std::move(shows));
      add(all, answers, "resumption=" + std::string(value) + ": ");
    }
    if (shown.size() > 1) all.hangsOn.push_back(verdict::Option::resumption);
  }
  std::sort(all.answers.begin(), all.answers.end(), [](const verdict::Decision& a, const verdict::Decision& b) {
    return std::pair(a.verdict, a.tenant) < std::pair(b.verdict, b.tenant);
  });
  return all;
}

/// The profile, less what it says of resumption that does not go with a session that was resumed, or was not: no offer
/// has to be met.
verdict::Profile knowing(bool resumed, verdict::Profile profile) {
  std::uint8_t& allowed = profile.allowed[static_cast<std::size_t>(verdict::Option::resumption)];
  constexpr std::uint8_t kFullHandshake = 1U << 2;
  const auto left = static_cast<std::uint8_t>(allowed & ~kFullHandshake);
  allowed = !resumed || left == 0 ? kFullHandshake : left;
  return profile;
}

}  // namespace

verdict::Profile widest(const std::vector<verdict::Profile>& shipped, verdict::Profile profile) {
  for (const verdict::Profile& other : shipped)
    for (std::size_t i = 0; i < profile.allowed.size(); ++i)
      profile.allowed[i] = static_cast<std::uint8_t>(profile.allowed[i] | other.allowed[i]);
  return profile;
}

verdict::Tenancy tenancyOf(const Catalogue& catalogue, const Case& one, const Bindings& bindings,
                           const verdict::Tenancy& tenancy) {
  if (!one.afterReload) return tenancy;
  const Json then = withAddresses(Json{{"tenants", catalogue.tenantsThen}}, boundAddresses(catalogue, bindings));
  verdict::Tenancy changed = tenancy;
  for (verdict::Tenant& tenant : verdict::readTenancy(Node(then, one.file, {})).tenants) {
    std::erase_if(changed.tenants, [&](const verdict::Tenant& before) { return before.id == tenant.id; });
    changed.tenants.push_back(std::move(tenant));
  }
  return changed;
}

AcceptableAnswers acceptableFor(const Catalogue& catalogue, const Case& one, const Peers& peers,
                                const verdict::Tenancy& before, const Bindings& bindings,
                                const verdict::Profile& profile) {
  const verdict::Tenancy tenancy = tenancyOf(catalogue, one, bindings, before);
  AcceptableAnswers all;
  for (const TransactionPlan& transaction : one.transactions) {
    auto& answers = all.emplace_back();
    for (const std::string& recipient : transaction.recipients) {
      if (transaction.smuggled) {
        answers.push_back({{verdict::Decision{}}, {}, "hidden in another message: no command of the session → deny"});
        continue;
      }
      answers.push_back(answersTo(envelopeOf(catalogue, bindings, transaction, recipient), transaction, one, peers,
                                  tenancy, profile));
    }
  }
  return all;
}

WaysOf waysFor(const Catalogue& catalogue, const Case& one, const verdict::Peer& peer, const verdict::Tenancy& before,
               const Bindings& bindings, const verdict::Profile& profile) {
  const verdict::Tenancy tenancy = tenancyOf(catalogue, one, bindings, before);
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

Judged compute(const Catalogue& catalogue, const Case& one, const Peers& peers, const verdict::Tenancy& tenancy,
               const Bindings& bindings, const verdict::Profile& profile) {
  Judged judged;
  judged.tier = tierOf(catalogue, one);
  for (const std::string& id : one.sources)
    if (const auto source = catalogue.sources.find(id); source != catalogue.sources.end())
      for (const std::string& rule : source->second.rules) addNew(judged.rules, rule);

  judged.acceptable = acceptableFor(catalogue, one, peers, tenancy, bindings, profile);
  if (one.earlier && one.earlier->resumes()) {
    judged.acceptableResumed = acceptableFor(catalogue, one, peers, tenancy, bindings, knowing(true, profile));
    judged.acceptableAnew = acceptableFor(catalogue, one, peers, tenancy, bindings, knowing(false, profile));
  }
  if (judged.tier == "must") return judged;
  const verdict::Profile all = widest(catalogue.profiles, profile);
  for (const auto& transaction : acceptableFor(catalogue, one, peers, tenancy, bindings, all))
    for (const verdict::Acceptable& recipient : transaction)
      for (const verdict::Option option : recipient.hangsOn)
        addNew(judged.hangsOn, verdict::optionTable()[static_cast<std::size_t>(option)].name);
  return judged;
}

}  // namespace relayproof::catalogue
