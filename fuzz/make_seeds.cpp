// Writes the seeds of a fuzz target out of the corpus: every identifier that a case presents, against every pattern of
// its family's tenants, and the rows of the table of matches.
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
#include "fuzz/certificate_input.h"
#include "fuzz/hostile_script.h"
#include "fuzz/match_input.h"
#include "runners/random_worlds.h"

namespace relayproof::fuzz {
namespace {

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
    constexpr std::size_t kLargest = 4096;
    for (const certs::SetEntry& entry : set.entries) {
      const certs::Fixture fixture = mint->issue(entry.id, Node(entry.blueprint, entry.place, entry.key));
      if (fixture.leaf.size() <= kLargest) seeds.insert(fixture.leaf);
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

// What servers say, and what clients say to them; the first octet is how they are cut.
std::set<std::string> replySeeds() {
  return {
      "\x04"
      "220 mx.test ESMTP\r\n250-mx.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n",
      "\x07"
      "550 5.7.64 Relay Access Denied ATTR36\r\n221 2.0.0 Bye\n",
      "\x01"
      "250\r\n354 go on\r\n421-4.3.2 x\r\n422 y\r\n"};
}
std::set<std::string> commandSeeds() {
  const std::string mail = "EHLO c.test\r\nMAIL FROM:<a@foreign.test>\r\nRCPT TO:<b@contoso.test>\r\n";
  return {"\x03" + mail + "DATA\r\nSubject: x\r\n\r\n..\r\ny\r\n.\r\nQUIT\r\n",
          "\x05" + mail + "BDAT 5 LAST\r\nhelloRSET\r\nMAIL FROM:<>\r\nRCPT TO:<Postmaster>\r\nDATA\r\n.\r\n",
          "\x09"
          "EHLO c.test\r\nSTARTTLS\r\nMAIL FROM:<a@foreign.test>\r\n",
          "\x02"
          "EHLO c.test\r\nMAIL FROM:<a@contoso.test> SIZE=9\r\nRCPT TO:<@x.test:\"a b\"@elsewhere.test>\r\nDATA\r\n"};
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
  const std::string file = RELAYPROOF_CORPUS "/hostile_servers.json";
  const auto document = parseJson(readFile(file).value(), file).value();
  std::set<std::string> seeds = {HostileScript::behaving("quit").octets()};
  for (const Node& server : Node(document, file, "").at("servers").array()) {
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

}  // namespace
}  // namespace relayproof::fuzz

int main(int argc, char** argv) {
  using relayproof::fuzz::nameSeeds;
  const std::map<std::string_view, std::set<std::string> (*)()> makers = {
      {"match_fuzzer", nameSeeds},
      {"identifiers_fuzzer", relayproof::fuzz::derSeeds},
      {"certificate_fuzzer", relayproof::fuzz::certificateSeeds},
      {"decide_fuzzer", relayproof::fuzz::worldSeeds},
      {"command_fuzzer", relayproof::fuzz::commandSeeds},
      {"reply_fuzzer", relayproof::fuzz::replySeeds},
      {"hostile_server_fuzzer", relayproof::fuzz::hostileSeeds},
      {"vendor_name_fuzzer", nameSeeds},
      {"vendor_certificate_fuzzer", relayproof::fuzz::certificateSeeds}};
  const auto maker = argc == 3 ? makers.find(argv[1]) : makers.end();
  if (maker == makers.end()) {
    std::cerr << "usage: make_seeds TARGET FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[2];
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& seed : maker->second())
    std::ofstream(folder / std::to_string(number++), std::ios::binary) << seed;
  return 0;
}
