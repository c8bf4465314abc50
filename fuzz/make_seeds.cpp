// Writes the seeds of a fuzz target out of the corpus: every identifier that a case presents, against every pattern of
// its family's tenants, and the rows of the table of matches.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "certs/identifiers.h"
#include "certs/mint.h"
#include "conformance/catalogue/catalogue.h"
#include "fuzz/match_input.h"

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
    seeds.insert(octetsOf({kind, row["pattern"], dnsId ? latin1(text) : text}));
  }
}

std::set<std::string> matchSeeds() {
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
          seeds.insert(octetsOf({(*identifiers)[i].kind, pattern, (*identifiers)[i].octets}));
  }
  addRows(seeds);
  return seeds;
}

}  // namespace
}  // namespace relayproof::fuzz

int main(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]) != "match_fuzzer") {
    std::cerr << "usage: make_seeds match_fuzzer FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[2];
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& seed : relayproof::fuzz::matchSeeds())
    std::ofstream(folder / std::to_string(number++), std::ios::binary) << seed;
  return 0;
}
