#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <set>
#include <string_view>
#include <thread>

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

constexpr std::array<std::string_view, 3> kSets{"core", "names", "pki"};

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

// Judges a fixture of no live case against the tenancy of its set.
certs::Judge judgeOf(const certs::FixtureSet& set) {
  if (set.tenancy.is_null()) return {};
  const Node node(set.tenancy, set.name + ".json", "tenancy");
  return [tenancy = verdict::readTenancy(node), profiles = shippedProfiles()](const certs::Minted& minted) {
    verdict::Peer peer;
    peer.certificate =
        catalogue::certificateFacts(minted.identifiers.value_or(certs::SubjectIdentifiers()), minted.facts);
    if (!minted.identifiers || !minted.fixture.ownKey) peer.certificate->verified = false;
    std::vector<verdict::Peer> peers{peer};
    if (minted.open) {
      peer.certificate->verified = !peer.certificate->verified;
      peers.push_back(peer);
    }
    Json byProfile = Json::object();
    for (const verdict::Profile& profile : profiles) {
      std::set<verdict::Verdict> verdicts;
      for (const verdict::Peer& each : peers)
        for (const auto& answer : verdict::acceptable(tenancy, profile, each,
                                                      {"a@foreign.example", "a@foreign.example", "b@elsewhere.example"})
                                      .answers)
          verdicts.insert(answer.verdict);
      byProfile[profile.name] = verdictNames(verdicts);
    }
    return byProfile;
  };
}

// The certificates of the live cases, each once.
void addCases(const catalogue::Catalogue& catalogue, certs::FixtureSet& set) {
  std::set<std::string> seen;
  for (const catalogue::Case& one : catalogue.cases)
    if (one.fixture && seen.insert(*one.fixture).second)
      set.entries.push_back({*one.fixture, one.why, one.sources, one.blueprint, one.place(), one.key() + ".certificate",
                             verdictsOf(one)});
}

certs::FixtureSet readNamedSet(const Arguments& arguments) {
  const std::string name = arguments.get("set", "core");
  if (std::find(kSets.begin(), kSets.end(), name) == kSets.end())
    throw Error("", "--set", fmt::format("there is no set \"{}\" in this version", name),
                fmt::format("known: {}", fmt::join(kSets, ", ")));
  certs::FixtureSet set =
      orThrow(readDocumentFile(fmt::format("{}/blueprints/{}.json", corpusFolder(), name), certs::readSet));
  if (name == "core") addCases(loadCatalogue(arguments), set);
  const std::vector<std::string> filters = arguments.all("filter");
  if (!filters.empty())
    std::erase_if(set.entries, [&](const certs::SetEntry& entry) {
      return std::none_of(filters.begin(), filters.end(),
                          [&](const std::string& glob) { return globMatches(glob, entry.id); });
    });
  return set;
}

int mintSet(const Arguments& arguments, const certs::FixtureSet& set, const certs::Mint& mint) {
  if (set.entries.empty()) {
    std::cerr << "relayproof: no fixture is selected; relayproof certs list shows them\n";
    return status::kTooLittle;
  }
  const std::string folder = arguments.get("out");
  const auto count =
      certs::writeSet(folder, set, mint,
                      {set.name == "core", arguments.has("force"), std::thread::hardware_concurrency(), judgeOf(set)});
  writeFile("-", fmt::format("{}: {} fixtures, {} files\n", folder, set.entries.size(), orThrow(count)));
  return status::kOk;
}

int listSet(const certs::FixtureSet& set) {
  std::size_t width = 0;
  for (const auto& entry : set.entries) width = std::max(width, entry.id.size());
  std::string text;
  for (const auto& entry : set.entries) text += fmt::format("{:<{}}  {}\n", entry.id, width, entry.why);
  writeFile("-", text);
  return set.entries.empty() ? status::kTooLittle : status::kOk;
}

void showFixture(const certs::FixtureSet& set, const std::string& id, const certs::Mint& mint) {
  const auto entry =
      std::find_if(set.entries.begin(), set.entries.end(), [&](const auto& each) { return each.id == id; });
  if (entry == set.entries.end())
    throw Error("", "certs show", "there is no fixture \"" + id + "\"", "relayproof certs list shows them");
  certs::ChainVerifier verifier(mint.trustAnchors());
  const certs::Minted minted = certs::mintEntry(*entry, mint, verifier);
  const Json verdicts = entry->verdicts.is_null() ? judgeOf(set)(minted) : entry->verdicts;
  writeFile("-",
            fmt::format("{}  {}\nsources: {}\nverdicts: {}\n{}", entry->id, entry->why, fmt::join(entry->sources, ", "),
                        verdicts.dump(), orThrow(certs::describeCertificate(minted.fixture.leaf))));
}

int actOnSet(const Arguments& arguments) {
  const std::vector<std::string> words = arguments.all("");
  const std::string action = words.empty() ? (arguments.has("out") ? "mint" : "list") : words[0];
  const certs::FixtureSet set = readNamedSet(arguments);
  if (action == "list") return listSet(set);
  certs::Mint mint = makeMint(static_cast<std::uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX)));
  certs::addAuthorities(set, mint);
  if (action == "mint") return mintSet(arguments, set, mint);
  if (action != "show" || words.size() < 2)
    throw Error("", "certs", fmt::format("\"{}\" is no action, or lacks its operand", action),
                "known: --out DIR, list, show ID");
  for (std::size_t i = 1; i < words.size(); ++i) showFixture(set, words[i], mint);
  return status::kOk;
}

}  // namespace

Command certsCommand() {
  return {"certs",
          "mint a fixture set (--out DIR), list its fixtures, or show one",
          {{"out", "DIR", "where the set is written"},
           {"set", "NAME", "which set: core (when left out), names or pki"},
           {"seed", "N", "another seed gives other keys and serials"},
           {"filter", "GLOB", "fixtures by id (repeatable)", true},
           {"cases", "DIR", "private cases beside ours (repeatable)", true},
           {"force", "", "replace an earlier set in that folder"}},
          "list | show ID",
          actOnSet};
}

}  // namespace relayproof
