#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "certs/describe.h"
#include "certs/fixture_set.h"
#include "certs/glob.h"
#include "certs/identifiers.h"
#include "certs/set_folder.h"
#include "conformance/catalogue/certificate_facts.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

// What fixtures of no live case are judged against: a tenant whose connector and registered domain are their own name.
constexpr std::string_view kTenancyOfLooseFixtures = R"({"tenants":[{"id":"contoso",
  "acceptedDomains":[{"name":"mail.contoso.test"}],
  "inboundConnectors":[{"name":"relay","tlsSenderCertificateName":"mail.contoso.test"}]}]})";

Json verdictNames(const std::set<verdict::Verdict>& verdicts) {
  Json names = Json::array();
  for (const verdict::Verdict verdict : verdicts) names.push_back(verdict::name(verdict));
  return names;
}

// By profile, the verdicts that are right for the case whose certificate this is.
Json verdictsOf(const catalogue::Case& one) {
  Json byProfile = Json::object();
  for (const auto& [profile, transactions] : one.expect) {
    std::set<verdict::Verdict> verdicts;
    for (const auto& recipients : transactions)
      for (const auto& answers : recipients)
        for (const auto& answer : answers) verdicts.insert(answer.verdict);
    byProfile[profile] = verdictNames(verdicts);
  }
  return byProfile;
}

Json verdictsOf(const certs::Fixture& fixture, const std::vector<verdict::Profile>& profiles,
                certs::ChainVerifier& verifier, std::int64_t at) {
  const verdict::Tenancy tenancy = orThrow(readDocument(kTenancyOfLooseFixtures, "fixtures", verdict::readTenancy));
  verdict::Peer peer;
  peer.certificate = catalogue::certificateFacts(fixture.chain, verifier, at);
  if (peer.certificate && !fixture.ownKey) peer.certificate->verified = false;
  Json byProfile = Json::object();
  for (const verdict::Profile& profile : profiles) {
    std::set<verdict::Verdict> verdicts;
    for (const auto& answer :
         verdict::acceptable(tenancy, profile, peer, {"a@foreign.example", "a@foreign.example", "b@elsewhere.example"})
             .answers)
      verdicts.insert(answer.verdict);
    byProfile[profile.name] = verdictNames(verdicts);
  }
  return byProfile;
}

certs::FixtureSet coreSet(const Arguments& arguments, const certs::Mint& mint) {
  const std::string name = arguments.get("set", "core");
  if (name != "core") throw Error("", "--set", "there is no set \"" + name + "\" in this version", "known: core");
  const catalogue::Catalogue catalogue = loadCatalogue(arguments);
  certs::FixtureSet set = orThrow(readDocumentFile(corpusFolder() + "/blueprints/core.json",
                                                   [&](const Node& root) { return certs::readSet(root, mint); }));
  // The sets do not depend on the day on which they are minted, so neither may the verdicts in their manifest.
  constexpr std::int64_t kMidYear2026 = 1782864000;
  certs::ChainVerifier verifier(mint.trustAnchors());
  for (certs::SetEntry& entry : set.entries)
    entry.verdicts = verdictsOf(entry.fixture, catalogue.profiles, verifier, kMidYear2026);

  std::set<std::string> seen;
  for (const catalogue::Case& one : catalogue.cases) {
    if (!one.fixture || !seen.insert(*one.fixture).second) continue;
    set.entries.push_back({*catalogue::fixtureOf(one, mint), one.why, one.blueprint, verdictsOf(one)});
  }
  const std::vector<std::string> filters = arguments.all("filter");
  if (!filters.empty())
    std::erase_if(set.entries, [&](const certs::SetEntry& entry) {
      return std::none_of(filters.begin(), filters.end(),
                          [&](const std::string& glob) { return globMatches(glob, entry.fixture.id); });
    });
  return set;
}

int mintSet(const Arguments& arguments) {
  const std::vector<std::string> words = arguments.all("");
  const std::string action = words.empty() ? (arguments.has("out") ? "mint" : "list") : words[0];
  const certs::Mint mint = makeMint(static_cast<std::uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX)));
  const certs::FixtureSet set = coreSet(arguments, mint);
  if (action == "mint" && set.entries.empty()) {
    std::cerr << "relayproof: no fixture is selected; relayproof certs list shows them\n";
    return status::kTooLittle;
  }
  if (action == "mint") {
    const auto count = certs::writeSet(arguments.get("out"), set, mint, true, arguments.has("force"));
    writeFile("-",
              fmt::format("{}: {} fixtures, {} files\n", arguments.get("out"), set.entries.size(), orThrow(count)));
    return status::kOk;
  }
  if (action == "list") {
    std::size_t width = 0;
    for (const auto& entry : set.entries) width = std::max(width, entry.fixture.id.size());
    for (const auto& entry : set.entries)
      writeFile("-", fmt::format("{:<{}}  {}\n", entry.fixture.id, width, entry.why));
    return set.entries.empty() ? status::kTooLittle : status::kOk;
  }
  if (action == "show" && words.size() > 1) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto found = std::find_if(set.entries.begin(), set.entries.end(),
                                      [&](const auto& entry) { return entry.fixture.id == words[i]; });
      if (found == set.entries.end())
        throw Error("", "certs show", "there is no fixture \"" + words[i] + "\"", "relayproof certs list shows them");
      writeFile("-", fmt::format("{}  {}\nverdicts: {}\n{}", found->fixture.id, found->why, found->verdicts.dump(),
                                 orThrow(certs::describeCertificate(found->fixture.leaf))));
    }
    return status::kOk;
  }
  throw Error("", "certs", fmt::format("\"{}\" is no action, or lacks its operand", action),
              "known: --out DIR, list, show ID");
}

}  // namespace

Command certsCommand() {
  return {"certs",
          "mint a fixture set (--out DIR), list its fixtures, or show one",
          {{"out", "DIR", "where the set is written"},
           {"set", "core", "which set; core when left out"},
           {"seed", "N", "another seed gives other keys and serials"},
           {"filter", "GLOB", "fixtures by id (repeatable)", true},
           {"cases", "DIR", "private cases beside ours (repeatable)", true},
           {"force", "", "replace an earlier set in that folder"}},
          "list | show ID",
          mintSet};
}

}  // namespace relayproof
