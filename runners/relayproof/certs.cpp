#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <iostream>
#include <set>
#include <string_view>
#include <thread>

#include "certs/describe.h"
#include "certs/fixture_set.h"
#include "certs/glob.h"
#include "certs/identifiers.h"
#include "certs/own_root.h"
#include "certs/set_folder.h"
#include "certs/string_type.h"
#include "conformance/catalogue/case_fixtures.h"
#include "conformance/catalogue/certificate_facts.h"
#include "runners/relayproof/certs_actions.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

constexpr std::array<std::string_view, 4> kSets{"core", "names", "hostile", "pki"};

verdict::Tenancy tenancyOf(const certs::FixtureSet& set) {
  return verdict::readTenancy(Node(set.tenancy, set.name + ".json", "tenancy"));
}

// Judges a fixture of no live case against the tenancy of its set.
certs::Judge judgeOf(const certs::FixtureSet& set) {
  if (set.tenancy.is_null()) return {};
  return [tenancy = tenancyOf(set), profiles = shippedProfiles()](const certs::Minted& minted) {
    verdict::Peer peer;
    peer.certificate =
        catalogue::certificateFacts(minted.identifiers.value_or(certs::SubjectIdentifiers()), minted.facts);
    if (!minted.identifiers) peer.certificate->verified = false;
    peer.certificate->ownKey = minted.fixture.ownKey;
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
      byProfile[profile.name] = catalogue::verdictNames(verdicts);
    }
    return byProfile;
  };
}

certs::DomainMap domainMap(const Arguments& arguments) {
  Json pairs;
  layPairs(arguments, "domain-map", "RESERVED=DOMAIN", pairs);
  return certs::DomainMap(Node(pairs, "--domain-map", ""));
}

// Nothing is mapped that is not there, and nothing to what is.
void checkMap(const certs::DomainMap& domains, const Json& set, const catalogue::Catalogue& cases) {
  if (domains.empty()) return;
  std::vector<const Json*> documents{&set};
  const Json authorities = orThrow(parseJson(orThrow(readFile(corpusFolder() + "/blueprints/authorities.json")), ""));
  documents.push_back(&authorities);
  for (const catalogue::Case& one : cases.cases) documents.push_back(&one.blueprint);
  if (const auto fault = domains.faultIn(documents)) throw *fault;
}

certs::FixtureSet readNamedSet(const Arguments& arguments) {
  const std::string name = arguments.get("set", "core");
  if (std::find(kSets.begin(), kSets.end(), name) == kSets.end())
    throw Error("", "--set", fmt::format("there is no set \"{}\" in this version", name),
                fmt::format("known: {}", fmt::join(kSets, ", ")));
  const certs::DomainMap domains = domainMap(arguments);
  const std::vector<std::string> filters = arguments.all("filter");
  catalogue::Catalogue cases = name == "core" ? loadCatalogue(arguments) : catalogue::Catalogue{};
  // A set does without them where nobody asks for one, to show a session by hand.
  if (std::ranges::any_of(filters, catalogue::namesGuise)) catalogue::addGuises(cases, {});
  certs::FixtureSet set =
      orThrow(readDocumentFile(fmt::format("{}/blueprints/{}.json", corpusFolder(), name), [&](const Node& root) {
        checkMap(domains, root.json(), cases);
        certs::FixtureSet read = certs::readMappedSet(root, domains);
        catalogue::addFixturesOfCases(cases, root, read);
        return read;
      }));
  const auto addNotes = [&](const Node& root) { return certs::addNotes(root, set), true; };
  orThrow(readDocumentFile(corpusFolder() + "/parsers.json", addNotes));
  const auto leftOut = [&](const auto& entry) {
    return !filters.empty() && std::none_of(filters.begin(), filters.end(),
                                            [&](const std::string& glob) { return globMatches(glob, entry.id); });
  };
  std::erase_if(set.entries, leftOut);
  std::erase_if(set.dropped, leftOut);
  return set;
}

std::atomic<bool> interrupted = false;

int mintSet(const Arguments& arguments, const certs::FixtureSet& set, const certs::Mint& mint) {
  if (set.entries.empty()) {
    std::cerr << "relayproof: no fixture is selected; relayproof certs list shows them\n";
    return status::kTooLittle;
  }
  const std::string folder = arguments.get("out");
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { interrupted = true; });
  const auto count = certs::writeSet(folder, set, mint,
                                     {set.name == "core", arguments.has("force"), std::thread::hardware_concurrency(),
                                      judgeOf(set), [] { return interrupted.load(); }});
  if (!count && interrupted) {
    std::cerr << "relayproof: " << count.error().text() << "\n";
    return status::kInterrupted;
  }
  std::string said = fmt::format("{}: {} fixtures, {} files\n", folder, set.entries.size(), orThrow(count));
  if (!set.dropped.empty())
    said += fmt::format("{} dropped, which these options leave no point to:\n", set.dropped.size());
  for (const certs::DroppedEntry& dropped : set.dropped) said += fmt::format("  {}: {}\n", dropped.id, dropped.why);
  writeFile("-", said);
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

// A presented identifier as a person reads it: its text by its string type, or its octets.
std::string readable(const certs::PresentedIdentifier& identifier) {
  const auto text = certs::decodeString(identifier.type, identifier.octets);
  return fmt::format("{} \"{}\"", identifier.kind == certs::IdentifierKind::commonName ? "CN" : "DNS-ID",
                     certs::escaped(text ? *certs::encodeString(certs::StringType::utf8, *text) : identifier.octets));
}

// What each identifier is to the connectors; of those that are well-formed and match none of them only the number.
std::string readings(const certs::Minted& minted, const verdict::Tenancy& tenancy, const verdict::Profile& profile) {
  if (!minted.identifiers) return "identifiers: none, since the certificate is not encoded in DER\n";
  std::vector<certs::PresentedIdentifier> all = minted.identifiers->commonNames;
  all.insert(all.end(), minted.identifiers->dnsIds.begin(), minted.identifiers->dnsIds.end());
  std::string text = fmt::format("identifiers, by {}:\n", profile.name);
  std::size_t others = 0;
  for (const auto& identifier : all) {
    std::set<std::string> said;
    for (const auto& connector : tenancy.tenants.front().inboundConnectors) {
      const auto answer = verdict::matchName(*connector.tlsSenderCertificateName, identifier, profile);
      if (answer.malformed)
        said.insert("malformed, " + answer.why);
      else if (answer.match.value_or(true))
        said.insert(fmt::format("{} {} ({})", answer.match ? "matches" : "may match",
                                connector.tlsSenderCertificateName->text(), answer.why));
    }
    if (said.empty())
      ++others;
    else
      text += fmt::format("  {}: {}\n", readable(identifier), fmt::join(said, "; "));
  }
  if (minted.identifiers->subjectAltNameMalformed)
    text += "  subjectAltName is malformed: empty, there twice, or undecodable\n";
  if (minted.identifiers->uriMalformed) text += "  a URI holds an octet that none has\n";
  return others == 0 ? text : text + fmt::format("  {} that match no connector\n", others);
}

// The rest of the chain as sent, since the trap may lie there: our authorities by name, all else in full.
std::string chainAsSent(const certs::Minted& minted, const certs::Mint& mint) {
  constexpr std::size_t kMostShown = 10;
  const auto& chain = minted.fixture.chain;
  std::string text =
      minted.facts.verified ? "chain: verifies\n" : fmt::format("chain: does not verify: {}\n", minted.facts.error);
  for (std::size_t i = 0; i < std::min(chain.size(), kMostShown); ++i) {
    const auto named = std::find_if(mint.authorities().begin(), mint.authorities().end(),
                                    [&](const auto& authority) { return authority.second == chain[i]; });
    if (chain[i] == minted.fixture.leaf)
      text += fmt::format("{}: the leaf\n", i + 1);
    else if (named != mint.authorities().end())
      text += fmt::format("{}: authority {}\n", i + 1, named->first);
    else if (const auto described = certs::describeCertificate(chain[i]))
      text += fmt::format("{}:\n{}", i + 1, *described);
    else
      text += fmt::format("{}: no certificate that can be read\n", i + 1);
  }
  if (chain.size() > kMostShown) text += fmt::format("and {} more\n", chain.size() - kMostShown);
  if (!minted.fixture.ownKey) text += "key: not that of the certificate sent first\n";
  return text;
}

void showFixture(const certs::FixtureSet& set, const std::string& id, const certs::Mint& mint) {
  const auto entry =
      std::find_if(set.entries.begin(), set.entries.end(), [&](const auto& each) { return each.id == id; });
  if (entry == set.entries.end())
    throw Error("", "certs show", "there is no fixture \"" + id + "\"", "relayproof certs list shows them");
  certs::ChainVerifier verifier(mint.trustAnchors());
  const certs::Minted minted = certs::mintEntry(*entry, mint, verifier);
  const bool ofACase = !entry->verdicts.is_null();
  const Json verdicts = ofACase ? entry->verdicts : judgeOf(set)(minted);
  writeFile("-",
            fmt::format("{}  {}\nsources: {}\nverdicts: {}\n{}", entry->id, entry->why, fmt::join(entry->sources, ", "),
                        verdicts.dump(), orThrow(certs::describeCertificate(minted.fixture.leaf))));
  writeFile("-", chainAsSent(minted, mint));
  if (!entry->open.empty()) writeFile("-", fmt::format("open: {}\n", entry->open));
  if (!entry->twin.empty()) writeFile("-", fmt::format("twin: {}\n", entry->twin));
  if (!ofACase) writeFile("-", readings(minted, tenancyOf(set), shippedProfiles().front()));
}

certs::Mint mintFor(const Arguments& arguments) {
  certs::MintOptions options{.seed = static_cast<std::uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX))};
  std::optional<certs::OwnRoot> root;
  if (arguments.has("issuer")) root = readIssuer(issuerFiles(arguments.get("issuer")));
  if (root) options.root = &*root;
  if (arguments.has("not-after")) {
    const std::string date = arguments.get("not-after");
    const auto time =
        certs::parseTime(date.size() == std::string_view("2037-12-31").size() ? date + "T00:00:00Z" : date);
    if (!time) throw Error("", "--not-after", "\"" + date + "\" is no date", "write it as 2037-12-31");
    options.unsaid.notAfter = *time;
  }
  certs::Mint mint = makeMint(options, domainMap(arguments));
  if (root) checkIssuer(mint);
  if (options.unsaid.notAfter <= mint.judgedAt())
    throw Error("", "--not-after", "is before the time that the set is judged at, so that nothing would be in force",
                "name a later date");
  return mint;
}

int actOnSet(const Arguments& arguments) {
  const std::vector<std::string> words = arguments.all("");
  const std::string action = words.empty() ? (arguments.has("out") ? "mint" : "list") : words[0];
  const std::vector<std::string> operands(words.begin() + (words.empty() ? 0 : 1), words.end());
  if (action == "lint") return lintCertificates(arguments, operands);
  if (action == "diff") return diffSets(operands);
  for (const char* option : {"at", "format"})
    if (arguments.has(option)) throw Error("", std::string("--") + option, "is about certs lint", "leave it out");
  certs::FixtureSet set = readNamedSet(arguments);
  if (action == "list") return listSet(set);
  certs::Mint mint = mintFor(arguments);
  certs::addAuthorities(set, mint);
  if (arguments.has("issuer") && action == "mint") {
    certs::Mint ours = makeMint({.seed = mint.seed()}, set.domains);
    certs::addAuthorities(set, ours);
    certs::dropUnderAnotherIssuer(set, mint, ours);
  }
  if (action == "mint") return mintSet(arguments, set, mint);
  if (action != "show" || operands.empty())
    throw Error("", "certs", fmt::format("\"{}\" is no action, or lacks its operand", action),
                "known: --out DIR, list, show ID, lint FILE, diff OLD NEW");
  for (const std::string& id : operands) showFixture(set, id, mint);
  return status::kOk;
}

}  // namespace

Command certsCommand() {
  return {"certs",
          "mint a fixture set (--out DIR), list its fixtures, show one; lint certificates of anyone; compare two sets",
          {{"out", "DIR", "where the set is written"},
           {"set", "NAME", "which set: core (when left out), names, hostile or pki"},
           {"seed", "N", "another seed gives other keys and serials"},
           {"issuer", "CERT,KEY",
            "a CA of your own in the place of our root, its issuers after it; its key is written nowhere"},
           {"not-after", "DATE", "when certificates end that say nothing else, 2037-12-31; 2049-12-31 when left out"},
           {"domain-map", "RESERVED=DOMAIN",
            "contoso.test=lab.example: a domain of your own in the place of one of ours (repeatable)", true},
           {"filter", "GLOB", "fixtures by id (repeatable)", true},
           {"cases", "DIR", "private cases beside ours (repeatable)", true},
           {"force", "", "replace an earlier set in that folder"},
           {"at", "TIME", "with lint: the time to judge at, 2027-01-31T00:00:00Z; now when left out"},
           {"format", "text|json", "with lint: json is an object a file, a line each"}},
          "list | show ID | lint FILE... | diff OLD NEW",
          actOnSet};
}

}  // namespace relayproof
