#include "conformance/catalogue/case_fixtures.h"

#include "certs/answers.h"

namespace relayproof::catalogue {
namespace {

// By profile, the verdicts that are right for the case whose certificate this is.
Json verdictsOf(const Case& one) {
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

// The certificate that the twin of a case presents; "" where it presents none, or the same.
std::string twinOf(const Catalogue& catalogue, const Case& one) {
  for (const auto& [profile, id] : one.twin)
    if (const Case* twin = catalogue.find(id); twin != nullptr && twin->fixture && twin->fixture != one.fixture)
      return *twin->fixture;
  return {};
}

}  // namespace

Json verdictNames(const std::set<verdict::Verdict>& verdicts) {
  Json names = Json::array();
  for (const verdict::Verdict verdict : verdicts) names.push_back(verdict::name(verdict));
  return names;
}

void addFixturesOfCases(const Catalogue& catalogue, const Node& root, certs::FixtureSet& set) {
  std::set<std::string> seen;
  for (const Case& one : catalogue.cases)
    // What becomes of a session with two handshakes, or beside another, is no matter of one certificate, and a set has
    // no clock.
    if (one.fixture && !one.earlier && !one.beside && !one.period && seen.insert(*one.fixture).second) {
      certs::SetEntry entry{
          *one.fixture, one.why, one.sources, one.blueprint, one.place(), one.key() + ".certificate", verdictsOf(one)};
      entry.twin = twinOf(catalogue, one);
      set.add(std::move(entry));
    }
  certs::readAnswers(root, set.entries);
}

}  // namespace relayproof::catalogue
