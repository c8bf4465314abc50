// Writes the seeds and the dictionary of a fuzz target out of the corpus: what cases present, against every pattern of
// their family's tenants, and what they say; the certificates of the blueprints; the table of matches; what hostile
// servers say.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "certs/fixture_set.h"
#include "certs/identifiers.h"
#include "certs/mint.h"
#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/dialogue.h"
#include "conformance/wire/content.h"
#include "fuzz/certificate_input.h"
#include "fuzz/dictionary.h"
#include "fuzz/hostile_script.h"
#include "fuzz/match_input.h"
#include "runners/random_worlds.h"

namespace relayproof::fuzz {
namespace {

constexpr std::size_t kLongest = 4096;  // of a seed

std::set<std::string> patternsOf(const catalogue::Catalogue& catalogue, const std::string& family) {
  std::set<std::string> patterns;
  for (const std::string& id : catalogue.family(family)->tenants) {
    const Json* tenant = catalogue.tenant(id);
    if (!tenant || !tenant->contains("inboundConnectors")) continue;
    for (const Json& connector : (*tenant)["inboundConnectors"])
      if (connector.contains("tlsSenderCertificateName")) patterns.insert(connector["tlsSenderCertificateName"]);
  }
  return patterns;
}

std::string latin1(const std::string& text) {
  const auto points = certs::decodeString(certs::StringType::utf8, text).value();
  return {points.begin(), points.end()};
}

// Those written as text: a DNS-ID by one code point an octet, a common name as UTF-8.
void addRows(std::set<std::string>& seeds) {
  const Json table = parseJson(*readFile(RELAYPROOF_CORPUS "/tables/match.json"), "match.json").value();
  for (const Json& row : table["rows"]) {
    if (!row["presented"].is_string()) continue;
    const std::string text = row["presented"];
    const bool dnsId = row["kind"] == "DNS-ID";
    const auto kind = dnsId ? certs::IdentifierKind::dnsId : certs::IdentifierKind::commonName;
    seeds.insert(MatchInput{kind, row["pattern"], dnsId ? latin1(text) : text}.octets());
  }
}

std::set<std::string> nameSeeds() {
  const auto catalogue = catalogue::load(RELAYPROOF_CORPUS).value();
  const auto mint = readDocumentFile(RELAYPROOF_CORPUS "/blueprints/authorities.json",
                                     [](const Node& root) { return certs::Mint(root, 0); });
  std::set<std::string> seeds;
  for (const catalogue::Case& one : catalogue.cases) {
    const auto fixture = catalogue::fixtureOf(one, *mint);
    const auto names =
        fixture ? certs::subjectIdentifiers(fixture->leaf) : Expected<certs::SubjectIdentifiers>(Error{});
    if (!names) continue;
    for (const auto* identifiers : {&names->commonNames, &names->dnsIds})
      for (std::size_t i = 0; i < identifiers->size() && i < 20; ++i)
        for (const std::string& pattern : patternsOf(catalogue, one.family))
          seeds.insert(MatchInput{(*identifiers)[i].kind, pattern, (*identifiers)[i].octets}.octets());
  }
  addRows(seeds);
  return seeds;
}

// The certificates of the sets that are not all of one kind.
std::set<std::string> derSeeds() {
  std::set<std::string> seeds;
  for (const std::string name : {"core", "hostile", "pki"}) {
    const auto set = readDocumentFile(RELAYPROOF_CORPUS "/blueprints/" + name + ".json", certs::readSet).value();
    auto mint = readDocumentFile(RELAYPROOF_CORPUS "/blueprints/authorities.json",
                                 [](const Node& root) { return certs::Mint(root, 0); });
    certs::addAuthorities(set, *mint);
    for (const certs::SetEntry& entry : set.entries) {
      const certs::Fixture fixture = mint->issue(entry.id, Node(entry.blueprint, entry.place, entry.key));
      if (fixture.leaf.size() <= kLongest) seeds.insert(fixture.leaf);
    }
  }
  return seeds;
}

// Worlds of the differential test.
std::set<std::string> worldSeeds() {
  worlds::Worlds worlds(1);
  std::set<std::string> seeds;
  while (seeds.size() < 200) {
    const auto numbers = worlds.next();
    seeds.emplace(numbers.begin(), numbers.end());
  }
  return seeds;
}

// The first octet of a seed of either grammar is how the rest is cut.
constexpr std::string_view kCut = "\x07";

// What the client says in a case, as far as that does not hang on an answer.
struct Speech {
  const std::vector<wire::Transaction>& transactions;
  std::string octets = std::string(kCut);

  void operator()(const wire::step::Ehlo& ehlo) { octets += "EHLO " + ehlo.name + "\r\n"; }
  void operator()(const wire::step::StartTls&) { octets += "STARTTLS\r\n"; }
  void operator()(const wire::step::Send& send) { octets += send.octets; }
  void operator()(const wire::step::Mail& mail) {
    const wire::Transaction& one = transactions[mail.transaction];
    octets += wire::mailCommand(one) + "\r\n";
    for (std::size_t i = 0; i < one.recipients.size(); ++i) octets += wire::rcptCommand(one, i) + "\r\n";
  }
  void operator()(const wire::step::Content& content) {
    const wire::Transaction& one = transactions[content.transaction];
    if (!one.bdat) octets += wire::dataCommand(one) + "\r\n";
    for (const std::string& piece : one.bdat ? wire::chunksOf(one.message, one.chunks) : wire::dataOf(one))
      octets += piece;
  }
  void operator()(const wire::step::Rset&) { octets += "RSET\r\n"; }
  void operator()(const wire::step::Quit&) { octets += "QUIT\r\n"; }
  template <class Other>
  void operator()(const Other&) {}
};

std::set<std::string> commandSeeds() {
  const auto catalogue = catalogue::load(RELAYPROOF_CORPUS).value();
  std::set<std::string> seeds;
  for (const catalogue::Case& one : catalogue.cases) {
    const auto transactions = catalogue::transactionsOf(one, catalogue, {}, "t");
    Speech speech{transactions};
    for (const wire::Step& step : catalogue::stepsOf(one, catalogue, {}, "t")) std::visit(speech, step);
    if (speech.octets.size() <= kLongest) seeds.insert(speech.octets);
  }
  return seeds;
}

Json hostileServers() {
  const std::string file = RELAYPROOF_CORPUS "/hostile_servers.json";
  return parseJson(readFile(file).value(), file).value();
}

// What a server of the table says in all.
std::set<std::string> replySeeds() {
  const Json document = hostileServers();
  std::set<std::string> seeds;
  for (const Node& server : Node(document, "hostile_servers.json", "").at("servers").array()) {
    std::string said(kCut);
    for (const Node& act : server.at("acts").array())
      for (const char* key : {"say", "flood"})
        if (act.json().is_object() && act.find(key)) said += catalogue::octets(act.at(key));
    if (said.size() > kCut.size() && said.size() <= kLongest) seeds.insert(said);
  }
  return seeds;
}

HostileScript::Step actOf(const Node& act) {
  using Act = HostileScript::Act;
  if (act.json().is_string())
    return {act.choice<Act>({{"stall", Act::hear},
                             {"close", Act::close},
                             {"reset", Act::close},
                             {"deaf", Act::hear},
                             {"leave-tls", Act::leaveTls}})};
  const auto octets = [&](const char* key) { return catalogue::octets(act.at(key)); };
  if (act.find("flood")) return {Act::flood, octets("flood")};
  if (act.find("hear")) return {Act::hear, octets("hear")};
  if (const auto tls = act.find("tls")) {
    unsigned how = 0;
    if (const auto ask = tls->find("ask"))
      how = ask->string() == "required" ? HostileScript::kDemands : HostileScript::kAsks;
    if (tls->booleanOr("reject", false)) how |= HostileScript::kRejects;
    if (tls->find("version")) how |= HostileScript::kVersion12;
    return {Act::tls, {static_cast<char>(how)}};
  }
  HostileScript::Step say{act.find("every") ? Act::dribble : Act::say};
  for (auto times = act.find("times") ? act.at("times").integer(1, 100000) : 1; times > 0; --times)
    say.octets += octets("say");
  return say;
}

// The servers of the table; a server that does nothing more ends its script.
std::set<std::string> hostileSeeds() {
  const Json document = hostileServers();
  std::set<std::string> seeds = {HostileScript::behaving("quit").octets()};
  for (const Node& server : Node(document, "hostile_servers.json", "").at("servers").array()) {
    HostileScript script = HostileScript::behaving(server.at("after").string());
    for (const Node& act : server.at("acts").array()) script.steps.push_back(actOf(act));
    seeds.insert(script.octets());
  }
  return seeds;
}

// The same names, each in a certificate of its own.
std::set<std::string> certificateSeeds() {
  std::set<std::string> seeds;
  for (const std::string& seed : nameSeeds()) {
    const auto input = MatchInput::from(seed);
    const std::uint8_t place = input->kind == certs::IdentifierKind::dnsId ? 1 : 0;
    seeds.insert(CertificateInput{input->pattern, 0, {{place, 0, false, input->name}}}.octets());
  }
  return seeds;
}

// The first octet says what is done with the rest.
std::vector<std::string> wordsOfRest(std::string_view octets) { return textWords(octets.substr(1)); }

struct Maker {
  std::set<std::string> (*seeds)();
  std::vector<std::string> (*words)(std::string_view);
};
const std::map<std::string_view, Maker> kMakers = {{"match_fuzzer", {nameSeeds, wordsOfRest}},
                                                   {"identifiers_fuzzer", {derSeeds, derWords}},
                                                   {"certificate_fuzzer", {certificateSeeds, wordsOfRest}},
                                                   {"decide_fuzzer", {worldSeeds, octetWords}},
                                                   {"command_fuzzer", {commandSeeds, wordsOfRest}},
                                                   {"reply_fuzzer", {replySeeds, wordsOfRest}},
                                                   {"hostile_server_fuzzer", {hostileSeeds, wordsOfRest}},
                                                   {"vendor_name_fuzzer", {nameSeeds, wordsOfRest}},
                                                   {"vendor_certificate_fuzzer", {certificateSeeds, wordsOfRest}}};

void make(const Maker& maker, const std::filesystem::path& folder, const std::filesystem::path& dictionary) {
  const std::set<std::string> seeds = maker.seeds();
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& seed : seeds) std::ofstream(folder / std::to_string(number++), std::ios::binary) << seed;
  std::ofstream(dictionary, std::ios::binary) << dictionaryOf(seeds, maker.words);
}

}  // namespace
}  // namespace relayproof::fuzz

int main(int argc, char** argv) {
  const auto& makers = relayproof::fuzz::kMakers;
  const auto maker = argc == 4 ? makers.find(argv[1]) : makers.end();
  if (maker == makers.end()) {
    std::cerr << "usage: make_seeds TARGET FOLDER DICTIONARY\n";
    return 2;
  }
  relayproof::fuzz::make(maker->second, argv[2], argv[3]);
  return 0;
}
