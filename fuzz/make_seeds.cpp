// Writes the seeds of a fuzz target out of the corpus: every identifier that a case presents, against every pattern of
// its family's tenants, and the rows of the table of matches.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "certs/identifiers.h"
#include "certs/mint.h"
#include "conformance/catalogue/catalogue.h"
#include "fuzz/certificate_input.h"
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
