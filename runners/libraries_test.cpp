// Each certificate of a set is refused for its own reason and no other: what OpenSSL and GnuTLS make of it stands in
// the set's data, and its twin, which is the same less the deviation, both accept.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "certs/test_support.h"
#include "conformance/catalogue/case_fixtures.h"
#include "runners/foreign_verifiers.h"
#include "runners/relayproof/sanitized.h"

namespace relayproof {
namespace {

using certs::SetEntry;

bool oneOf(const Json& answers, const std::string& answer) {
  return answers.is_array() ? std::find(answers.begin(), answers.end(), answer) != answers.end() : answers == answer;
}

bool isDeviation(const SetEntry& entry) {
  return entry.verify != Json{{"openssl", "accepted"}, {"gnutls", "accepted"}};
}

// As `relayproof certs` has it: the certificates of the live cases belong to core.
certs::FixtureSet setWithCases(const std::string& name) {
  const catalogue::Catalogue cases =
      name == "core" ? catalogue::load(RELAYPROOF_SOURCE_DIR "/corpus").value() : catalogue::Catalogue{};
  return readDocumentFile(RELAYPROOF_SOURCE_DIR "/corpus/blueprints/" + name + ".json",
                          [&](const Node& root) {
                            certs::FixtureSet set = certs::readSet(root);
                            catalogue::addFixturesOfCases(cases, root, set);
                            return set;
                          })
      .value();
}

// GnuTLS moves all names for each name it reads, which ASan's allocator makes minutes of. The library is not
// instrumented: nothing is lost that the other builds do not show.
constexpr std::size_t kTooManyNamesUnderAsan = 200'000;

class LibrariesOn : public testing::TestWithParam<const char*> {
 protected:
  LibrariesOn() : set_(setWithCases(GetParam())), mint_(certs::mintOf()) {
    certs::addAuthorities(set_, mint_);
    without_ = {mint_.trustAnchors(), {}, certs::kTestTime};
    with_ = without_;
    for (const auto& [name, crl] : set_.crls.items()) with_.crls.push_back(mint_.crl(name, Node(crl, "", "crls")));
  }

  void compare(const SetEntry& entry, const Json& said, const Trust& trust, std::vector<std::string>& differences) {
    const Octets chain = mint_.issue(entry.id, Node(entry.blueprint, entry.place, entry.key)).chain;
    if (kSanitized && chain.front().size() > kTooManyNamesUnderAsan) return;
    for (const auto& [library, answer] :
         {std::pair{"openssl", opensslAnswer(chain, trust)}, std::pair{"gnutls", gnutlsAnswer(chain, trust)}})
      if (!oneOf(said[library], answer))
        differences.push_back(fmt::format("{}{}: {} says \"{}\", the set {}", entry.id,
                                          &trust == &with_ ? " with CRLs" : "", library, answer, said[library].dump()));
  }

  certs::FixtureSet set_;
  certs::Mint mint_;
  Trust without_;
  Trust with_;
};

TEST_P(LibrariesOn, AnswerAsTheSetSays) {
  std::vector<std::string> differences;
  for (const SetEntry& entry : set_.entries) {
    compare(entry, entry.verify, without_, differences);
    if (!with_.crls.empty()) compare(entry, entry.verify.value("withCrls", entry.verify), with_, differences);
  }
  EXPECT_TRUE(differences.empty()) << fmt::format("{}", fmt::join(differences, "\n"));
}

TEST_P(LibrariesOn, AcceptTheTwinOfWhatTheyRefuse) {
  std::map<std::string, const SetEntry*> byId;
  for (const SetEntry& entry : set_.entries) byId[entry.id] = &entry;
  for (const SetEntry& entry : set_.entries) {
    if (entry.twin.empty()) {
      EXPECT_FALSE(isDeviation(entry)) << entry.id << " names no twin";
      continue;
    }
    ASSERT_TRUE(byId.contains(entry.twin)) << entry.id << ": " << entry.twin;
    EXPECT_FALSE(isDeviation(*byId[entry.twin])) << entry.id << ": " << entry.twin;
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, LibrariesOn, testing::Values("core", "names", "hostile", "pki"),
                         [](const auto& tested) { return tested.param; });

std::set<std::string> keysThatDiffer(const Json& one, const Json& other) {
  static const std::map<std::string, std::string> together{
      {"notBefore", "notAfter"}, {"crl", "issuer"}, {"extendedKeyUsage", "through"}};
  std::set<std::string> keys;
  const auto add = [&](const std::string& key) { keys.insert(together.contains(key) ? together.at(key) : key); };
  for (const auto& [key, value] : one.items())
    if (!other.contains(key) || other[key] != value) add(key);
  for (const auto& [key, value] : other.items())
    if (!one.contains(key)) add(key);
  return keys;
}

// One thing is wrong with a certificate: what is written differs from its twin in one key. Begin and end count as one,
// so do an issuer and the place of its CRL, and the purposes of host and authorities; another chain may come on top.
TEST(PkiSet, DeviatesFromTheTwinInOneThing) {
  const certs::FixtureSet set = certs::shippedSet("pki");
  std::map<std::string, Json> byId;
  for (const SetEntry& entry : set.entries) byId[entry.id] = entry.blueprint;
  for (const SetEntry& entry : set.entries) {
    if (entry.twin.empty()) continue;
    const auto keys = keysThatDiffer(entry.blueprint, byId[entry.twin]);
    EXPECT_EQ(keys.size() - keys.count("chain"), keys == std::set<std::string>{"chain"} ? 0U : 1U)
        << entry.id << " and " << entry.twin << " differ in " << Json(keys).dump();
  }
}

// Possession of the key, which no verification of a chain sees: what the key signs, the certificate sent first verifies
// where the key is its own, and only there.
TEST(PkiSet, KeysSignForTheirCertificatesOrDoNot) {
  const certs::FixtureSet set = certs::shippedSet("pki");
  certs::Mint mint = certs::mintOf();
  certs::addAuthorities(set, mint);
  int strangers = 0;
  for (const SetEntry& entry : set.entries) {
    const certs::Fixture fixture = mint.issue(entry.id, Node(entry.blueprint, entry.place, entry.key));
    const auto presented = foreign::certificateOf(fixture.chain.front());
    if (!presented) continue;  // no TLS library would send it
    EXPECT_EQ(foreign::signsFor(fixture.key, presented.get()), fixture.ownKey) << entry.id;
    strangers += fixture.ownKey ? 0 : 1;
  }
  EXPECT_GE(strangers, 4);
}

}  // namespace
}  // namespace relayproof
