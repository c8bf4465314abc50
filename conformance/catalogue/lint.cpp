// Faults of the corpus that a loader cannot see:
// - the answers that a person wrote are those of the core, under every shipped profile;
// - a denial's twin is accepted, and loses that with its identity;
// - families do not disturb each other: their names and addresses are disjoint, and no certificate of one matches a
//   connector of another; no connector covers the stranger;
// - what is played before the reload has no twin after it;
// - sources exist, no two cases hold the same session.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "conformance/catalogue/compute.h"
#include "conformance/catalogue/family.h"

namespace relayproof::catalogue {
namespace {

using verdict::Wire;

std::string text(verdict::Verdict verdict, const std::optional<std::string>& tenant,
                 const std::set<verdict::Basis>& basis) {
  std::string words(verdict::name(verdict));
  if (verdict::onTheWire(verdict) == Wire::accept) words += " " + tenant.value_or("none");
  for (const verdict::Basis one : basis) words += " " + std::string(verdict::name(one));
  return words;
}

// Both sides as words that can be compared. A basis that was not written is taken over from the computed answer.
std::set<std::string> computedSet(const verdict::Acceptable& computed) {
  std::set<std::string> set;
  for (const verdict::Decision& answer : computed.answers)
    set.insert(text(answer.verdict, answer.tenant, answer.basis));
  return set;
}

std::set<std::string> writtenSet(const ExpectedAnswers& written, const verdict::Acceptable& computed) {
  std::set<std::string> set;
  for (const ExpectedAnswer& answer : written) {
    std::set<verdict::Basis> basis = answer.basis.value_or(std::set<verdict::Basis>{});
    if (!answer.basis)
      for (const verdict::Decision& same : computed.answers)
        if (same.verdict == answer.verdict && same.tenant == answer.tenant) basis = same.basis;
    set.insert(text(answer.verdict, answer.tenant, basis));
  }
  return set;
}

bool relays(const verdict::Acceptable& answer) {
  return std::any_of(answer.answers.begin(), answer.answers.end(),
                     [](const verdict::Decision& d) { return d.verdict == verdict::Verdict::relay; });
}

class Lint {
 public:
  Lint(const Catalogue& catalogue, const certs::Mint& mint, std::int64_t at) : catalogue_(catalogue) {
    const Json filledIn = withAddresses(catalogue.tenancy, catalogue.addresses);
    tenancy_ = verdict::readTenancy(Node(filledIn, {}, {}));
    widest_ = widest(catalogue.profiles, catalogue.profiles.front());
    certs::ChainVerifier verifier(mint.trustAnchors());
    for (const Case& one : catalogue.cases) {
      try {
        peers_.emplace(one.id, peersOf(one, fixtureOf(one, mint, at), catalogue, mint, verifier, bindings_, at));
      } catch (const Error& error) {
        faults_.push_back(error.text());
      }
    }
  }

  std::vector<std::string> run() {
    for (const Case& one : catalogue_.cases) {
      checkSources(one);
      if (!peers_.contains(one.id)) continue;
      checkAnswers(one);
      checkTwins(one);
      checkReload(one);
      checkForeignConnectors(one);
    }
    checkSameSessions();
    checkFamilies();
    return std::move(faults_);
  }

 private:
  void fault(const Case& one, const std::string& what) {
    faults_.push_back(fmt::format("{}: {}: {}", one.place(), one.id, what));
  }

  AcceptableAnswers answers(const Case& one, const verdict::Profile& profile) const {
    return acceptableFor(catalogue_, one, peers_.at(one.id), tenancy_, bindings_, profile);
  }

  void checkSources(const Case& one) {
    for (const std::string& source : one.sources)
      if (!catalogue_.sources.contains(source)) fault(one, fmt::format("unknown source {}", source));
  }

  void checkAnswers(const Case& one) {
    std::vector<std::pair<std::string, std::vector<std::string>>> differences;  // what differs, under which profiles
    for (const verdict::Profile& profile : catalogue_.profiles) {
      const auto computed = answers(one, profile);
      const auto& written = one.expect.at(profile.name);
      for (std::size_t t = 0; t < computed.size(); ++t) {
        for (std::size_t r = 0; r < computed[t].size(); ++r) {
          const auto left = writtenSet(written[t][r], computed[t][r]);
          const auto right = computedSet(computed[t][r]);
          if (left == right) continue;
          std::string what =
              fmt::format("{}/{}: written {{{}}}, computed {{{}}}: {}", t + 1, one.transactions[t].recipients[r],
                          fmt::join(left, ", "), fmt::join(right, ", "), computed[t][r].derivation);
          const auto same = std::find_if(differences.begin(), differences.end(),
                                         [&](const auto& difference) { return difference.first == what; });
          if (same == differences.end())
            differences.emplace_back(std::move(what), std::vector{profile.name});
          else
            same->second.push_back(profile.name);
        }
      }
    }
    for (const auto& [what, profiles] : differences)
      fault(one, fmt::format("under {}: {}", fmt::join(profiles, ", "), what));
  }

  void checkTwins(const Case& one) {
    if (one.control) return;
    for (const verdict::Profile& profile : catalogue_.profiles) {
      const auto& expected = one.expect.at(profile.name);
      const bool denies = std::any_of(expected.begin(), expected.end(), [](const auto& transaction) {
        return std::any_of(transaction.begin(), transaction.end(),
                           [](const ExpectedAnswers& recipient) { return refuses(wire(recipient)); });
      });
      if (!denies) continue;
      const Case* twin = catalogue_.twinOf(one, profile.name);
      if (!twin)
        fault(one, fmt::format("a denial under {} has no twin", profile.name));
      else if (peers_.contains(twin->id) && checkedTwins_.emplace(twin->id, profile.name).second)
        checkTwin(one, *twin, profile);
    }
  }

  void checkReload(const Case& one) {
    if (one.afterReload) return;
    for (const verdict::Profile& profile : catalogue_.profiles) {
      const Case* twin = catalogue_.twinOf(one, profile.name);
      if (twin && twin->afterReload)
        return fault(one, fmt::format("its twin {} is played after the reload, and it before", twin->id));
    }
  }

  void checkTwin(const Case& one, const Case& twin, const verdict::Profile& profile) {
    const auto whole = answers(twin, profile);
    for (std::size_t t = 0; t < whole.size(); ++t)
      for (std::size_t r = 0; r < whole[t].size(); ++r)
        if (!twin.transactions[t].smuggled && whole[t][r].wire() != std::set{Wire::accept})
          return fault(one, fmt::format("under {} its twin {} is not accepted: {}: {{{}}}: {}", profile.name, twin.id,
                                        twin.transactions[t].recipients[r], fmt::join(computedSet(whole[t][r]), ", "),
                                        whole[t][r].derivation));

    std::vector<verdict::Peer> stripped;
    const verdict::Peer& peer = peers_.at(twin.id).own;
    if (peer.certificate) stripped.emplace_back(peer).certificate.reset();
    if (twin.address != kStranger)
      stripped.emplace_back(peer).address = *verdict::parseIpv4(catalogue_.addresses.at(std::string(kStranger)));
    const auto losesAll = [&](const verdict::Peer& bare) {
      const auto left =
          acceptableFor(catalogue_, twin, {bare, {}, {}, peers_.at(twin.id).beside}, tenancy_, bindings_, profile);
      for (std::size_t t = 0; t < whole.size(); ++t)
        for (std::size_t r = 0; r < whole[t].size(); ++r)
          if (relays(whole[t][r]) && !twin.transactions[t].beside && !refuses(left[t][r].wire())) return false;
      return true;
    };
    const bool byIdentity = std::any_of(whole.begin(), whole.end(), [](const auto& transaction) {
      return std::any_of(transaction.begin(), transaction.end(), relays);
    });
    if (byIdentity && std::none_of(stripped.begin(), stripped.end(), losesAll))
      fault(one, fmt::format("under {} its twin {} is accepted without its certificate or address too", profile.name,
                             twin.id));
  }

  void checkForeignConnectors(const Case& one) {
    const Peers& peers = peers_.at(one.id);
    for (const auto& other : {peers.earlier, peers.beside})
      if (other) checkForeignConnectors(one, *other);
    checkForeignConnectors(one, peers.own);
  }

  void checkForeignConnectors(const Case& one, const verdict::Peer& peer) {
    if (!peer.certificate) return;
    const auto& own = catalogue_.family(one.family)->tenants;
    for (const verdict::Tenant& tenant : tenancy_.tenants) {
      if (std::find(own.begin(), own.end(), tenant.id) != own.end()) continue;
      for (const verdict::InboundConnector& connector : tenant.inboundConnectors) {
        if (!connector.tlsSenderCertificateName) continue;
        const auto& pattern = *connector.tlsSenderCertificateName;
        if (verdict::matchCertificate(pattern, *peer.certificate, widest_).answer.match != false)
          fault(one, fmt::format("its certificate matches {} of the tenant {}, which is another family's",
                                 pattern.text(), tenant.id));
      }
    }
  }

  void checkSameSessions() {
    std::map<std::string, const Case*> sessions;
    for (const Case& one : catalogue_.cases) {
      if (one.control) continue;
      Json session = {one.blueprint, one.proof, one.address,     one.ehlo,         one.tls,
                      one.steps,     one.sni,   one.afterReload, one.otherListener};
      if (one.earlier) session.push_back({one.earlier->by, one.earlier->blueprint, one.earlier->lifetime.value_or(0)});
      if (one.beside) session.push_back({one.beside->blueprint, one.beside->address, one.beside->tls});
      if (one.period) session.push_back({one.period->from, one.period->until});
      for (const TransactionPlan& plan : one.transactions)
        session.push_back({plan.sender,
                           plan.mailParameters,
                           plan.recipientParameters,
                           plan.header,
                           plan.recipients,
                           plan.extraHeaders,
                           plan.headersLast,
                           plan.bodyless,
                           plan.empty,
                           plan.sameAgain,
                           plan.lowerCase,
                           Json::binary({plan.body.begin(), plan.body.end()}),
                           plan.bdat,
                           plan.chunks,
                           plan.data,
                           plan.smuggled,
                           plan.beside,
                           plan.extended,
                           plan.smtpUtf8IfOffered,
                           plan.bdatIfOffered});
      const auto [same, isNew] = sessions.emplace(session.dump(), &one);
      if (!isNew) fault(one, fmt::format("holds the same session as {}", same->second->id));
    }
  }

  struct Ground {
    std::string family;
    std::vector<verdict::DomainName> names;
    std::vector<verdict::AddressRange> ranges;
    std::vector<verdict::Ipv4> addresses;
  };

  Ground groundOf(const Family& family) const {
    Ground ground{family.name, {}, {}, {}};
    for (const verdict::Tenant& tenant : tenancy_.tenants) {
      if (std::find(family.tenants.begin(), family.tenants.end(), tenant.id) == family.tenants.end()) continue;
      for (const auto& domain : tenant.acceptedDomains) ground.names.push_back(domain.name);
      for (const auto& connector : tenant.inboundConnectors) {
        if (connector.tlsSenderCertificateName) ground.names.push_back(connector.tlsSenderCertificateName->name);
        ground.ranges.insert(ground.ranges.end(), connector.senderIPAddresses.begin(),
                             connector.senderIPAddresses.end());
      }
    }
    for (const std::string& name : family.addresses)
      ground.addresses.push_back(*verdict::parseIpv4(catalogue_.addresses.at(name)));
    return ground;
  }

  void checkDisjoint(const Ground& one, const Ground& other) {
    for (const auto& name : one.names)
      for (const auto& theirs : other.names)
        if (name == theirs || name.isBelow(theirs))
          faults_.push_back(fmt::format("the name {} of the family {} lies within {} of the family {}", name.text(),
                                        one.family, theirs.text(), other.family));
    const auto covers = [&](const verdict::AddressRange& range, verdict::Ipv4 address) {
      if (range.contains(address))
        faults_.push_back(fmt::format("an address range of the family {} covers an address of the family {}",
                                      one.family, other.family));
    };
    for (const auto& range : one.ranges) {
      for (const auto& theirs : other.ranges) covers(range, theirs.network);
      for (const auto address : other.addresses) covers(range, address);
    }
  }

  void checkFamilies() {
    const auto stranger = *verdict::parseIpv4(catalogue_.addresses.at(std::string(kStranger)));
    std::vector<Ground> grounds;
    for (const Family& family : catalogue_.families) grounds.push_back(groundOf(family));
    for (const Ground& one : grounds) {
      for (const auto& range : one.ranges)
        if (range.contains(stranger))
          faults_.push_back(fmt::format("an address range of the family {} covers the stranger", one.family));
      for (const Ground& other : grounds)
        if (&one != &other) checkDisjoint(one, other);
    }
  }

  const Catalogue& catalogue_;
  const Bindings bindings_;
  verdict::Tenancy tenancy_;
  verdict::Profile widest_;
  std::map<std::string, Peers> peers_;
  std::set<std::pair<std::string, std::string>> checkedTwins_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> lint(const Catalogue& catalogue, const certs::Mint& mint, std::int64_t at) {
  return Lint(catalogue, mint, at).run();
}

std::vector<std::string> lintSources(const Catalogue& catalogue) {
  std::vector<std::string> faults;
  for (const auto& [id, source] : catalogue.sources) {
    const auto cases = casesOf(catalogue, id);
    if (!cases.empty() && !source.status.empty())
      faults.push_back(fmt::format("{}: is {} and yet named by {}", id, source.status, cases.front()->id));
    if (cases.empty() && source.status.empty())
      faults.push_back(fmt::format("{}: no case names it, and it does not say why", id));
  }
  return faults;
}

}  // namespace relayproof::catalogue
