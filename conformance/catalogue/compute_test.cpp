#include "conformance/catalogue/compute.h"

#include <gmock/gmock.h>

#include "conformance/catalogue/family.h"
#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::kTime;
using test::smallFamily;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using verdict::Verdict;
using verdict::Wire;

class Compute : public testing::Test {
 protected:
  explicit Compute(const Json& family = smallFamily()) : corpus_(family), catalogue_(corpus_.loaded()) {
    const Json filledIn = withAddresses(catalogue_.tenancy, catalogue_.addresses);
    tenancy_ = verdict::readTenancy(Node(filledIn, {}, {}));
  }
  const Case& one(const char* name) const { return *catalogue_.find(std::string("small.") + name); }
  Judged judged(const char* name, const char* profile = "exo-2017", std::int64_t at = kTime) const {
    const auto shipped = verdict::findProfile(profile, catalogue_.profiles).value();
    return compute(catalogue_, one(name), peer(one(name), catalogue_, {}, at), tenancy_, {}, shipped);
  }

  Peers peer(const Case& one, const Catalogue& catalogue, const Bindings& bindings = {},
             std::int64_t at = kTime) const {
    certs::ChainVerifier verifier(mint_.trustAnchors());
    return peersOf(one, fixtureOf(one, mint_, at), catalogue, mint_, verifier, bindings, at);
  }

  Corpus corpus_;
  Catalogue catalogue_;
  verdict::Tenancy tenancy_;
  certs::Mint mint_ = test::shippedMint();
};

TEST_F(Compute, VerdictsOfTheCore) {
  EXPECT_EQ(judged("exact").acceptable[0][0].answers[0].tenant, "little");
  EXPECT_EQ(judged("exact").acceptable[0][0].wire(), std::set{Wire::accept});
  EXPECT_EQ(judged("other-name").acceptable[0][0].wire(), std::set{Wire::deny});
  EXPECT_EQ(judged("unknown-authority").acceptable[0][0].wire(), (std::set{Wire::deny, Wire::refuseTls}));
  EXPECT_EQ(judged("by-address").acceptable[0][0].wire(), std::set{Wire::accept});
  EXPECT_EQ(judged("local").acceptable[0][1].answers[0].verdict, Verdict::deliver);
  EXPECT_EQ(judged("local").acceptable[0][1].answers[0].tenant, std::nullopt);
}

TEST_F(Compute, TierRulesAndWhatItHangsOn) {
  EXPECT_EQ(judged("exact").tier, "must");
  EXPECT_THAT(judged("exact").rules, ElementsAre("3b"));
  EXPECT_THAT(judged("exact").hangsOn, IsEmpty());
  EXPECT_EQ(judged("unknown-authority").tier, "must");  // refused in whichever form
}

TEST_F(Compute, ACaseOfTierProfileNamesTheOptionsThatDecide) {
  Json family = smallFamily();
  family["cases"]["common-name"] = {{"why", "A."},
                                    {"certificate", {{"dns", nullptr}, {"cn", "mail.small.test"}}},
                                    {"expect", {{"strict", {"deny"}}, {"all", {"relay"}}}},
                                    {"twin", {{"strict", "exact"}}}};
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& named = *catalogue.find("small.common-name");
  for (const verdict::Profile& profile : catalogue.profiles) {
    const Judged judged = compute(catalogue, named, peer(named, catalogue), tenancy_, {}, profile);
    EXPECT_EQ(judged.tier, "profile");
    EXPECT_THAT(judged.hangsOn, Contains("commonName"));
    EXPECT_EQ(judged.acceptable[0][0].wire(), std::set{profile.name == "strict" ? Wire::deny : Wire::accept});
  }
}

TEST_F(Compute, TheClockIsTheCallers) {
  constexpr std::int64_t kYear2060 = 2'840'140'800;
  EXPECT_EQ(judged("exact", "exo-2017", kYear2060).acceptable[0][0].wire(), (std::set{Wire::deny, Wire::refuseTls}));
}

TEST_F(Compute, PeerCarriesAddressAndCertificate) {
  const verdict::Peer exact = peer(one("exact"), catalogue_).own;
  EXPECT_EQ(exact.address, verdict::parseIpv4("127.0.0.1"));
  ASSERT_TRUE(exact.certificate);
  EXPECT_TRUE(exact.certificate->verified);
  EXPECT_EQ(exact.certificate->dnsNames.at(0).octets, "mail.small.test");
  Bindings bindings;
  bindings.addresses["small-gateway"] = "192.0.2.7";
  EXPECT_EQ(peer(one("by-address"), catalogue_, bindings).own.address, verdict::parseIpv4("192.0.2.7"));
  EXPECT_FALSE(peer(one("by-address"), catalogue_).own.certificate);
  bindings.addresses["small-gateway"] = "nowhere";
  EXPECT_THROW(peer(one("by-address"), catalogue_, bindings), Error);
}

TEST_F(Compute, APlaintextSessionHasNoCertificate) {
  Json family = smallFamily();
  family["cases"]["plaintext"] = {{"why", "A."}, {"tls", "none"}, {"expect", {{"all", {"deny"}}}}, {"twin", "exact"}};
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const verdict::Peer plain = peer(*catalogue.find("small.plaintext"), catalogue).own;
  EXPECT_FALSE(plain.tls);
  EXPECT_FALSE(plain.certificate);
}

TEST_F(Compute, PossessionOfTheKeyIsPartOfVerification) {
  Json family = smallFamily();
  family["cases"]["stolen"] = Json::parse(R"({"why": "A.", "certificate": {"keyOf": "foreign"},
    "expect": {"all": ["deny", "refuse-tls"]}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  EXPECT_FALSE(peer(*catalogue.find("small.stolen"), catalogue).own.certificate->ownKey);
}

TEST_F(Compute, AWrongProofIsNoPossession) {
  Json family = smallFamily();
  family["cases"]["replayed"] = Json::parse(R"({"why": "A.", "proof": "other-transcript",
    "expect": {"all": ["deny", "refuse-tls"]}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  EXPECT_FALSE(peer(*catalogue.find("small.replayed"), catalogue).own.certificate->ownKey);
}

TEST_F(Compute, ATransactionOfTheSessionBesideIsThatPeers) {
  Json family = smallFamily();
  family["cases"]["beside"] = Json::parse(R"({"why": "A.", "certificate": null, "beside": {"certificate": {}},
    "transactions": [{}, {"beside": true}], "steps": ["starttls", "beside plain dialogue", "plain dialogue"],
    "expect": {"all": {"1/external": ["deny"], "2/external": ["relay"]}}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& beside = *catalogue.find("small.beside");
  const Judged judged = compute(catalogue, beside, peer(beside, catalogue), tenancy_, {}, catalogue.profiles.front());
  EXPECT_EQ(judged.acceptable[0][0].wire(), std::set{Wire::deny});
  EXPECT_EQ(judged.acceptable[1][0].wire(), std::set{Wire::accept});
}

TEST_F(Compute, AResumedSessionIsTheFirstHandshakesOrNobodys) {
  Json family = smallFamily();
  family["cases"]["resumed"] = Json::parse(R"({"why": "A.", "tls": "1.3",
    "earlier": {"by": "ticket", "certificate": {"dns": ["other.small.test"]}},
    "expect": {"all": ["relay", "deny", "refuse-tls"]}})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& resuming = *catalogue.find("small.resumed");
  const Judged judged =
      compute(catalogue, resuming, peer(resuming, catalogue), tenancy_, {}, catalogue.profiles.front());
  EXPECT_EQ(judged.tier, "profile");
  EXPECT_THAT(judged.hangsOn, Contains("resumption"));
  EXPECT_EQ(judged.acceptable[0][0].wire(), (std::set{Wire::accept, Wire::deny, Wire::refuseTls}));
  EXPECT_EQ(judged.acceptableResumed[0][0].wire(), std::set{Wire::deny}) << "what was taken up is not refused";
  EXPECT_EQ(judged.acceptableAnew[0][0].wire(), (std::set{Wire::accept, Wire::refuseTls}));
  EXPECT_THAT(judged.acceptable[0][0].derivation, HasSubstr("resumption=fullHandshake: "));
  // No offer has to be met, whatever a relay does with those that it meets.
  verdict::Profile pinned = catalogue.profiles.front();
  pinned.allowed[static_cast<std::size_t>(verdict::Option::resumption)] = 1;
  ASSERT_TRUE(pinned.allows(verdict::Option::resumption, "originalIdentity"));
  const Judged only = compute(catalogue, resuming, peer(resuming, catalogue), tenancy_, {}, pinned);
  EXPECT_EQ(only.acceptableResumed[0][0].wire(), std::set{Wire::deny});
  EXPECT_EQ(only.acceptableAnew[0][0].wire(), (std::set{Wire::accept, Wire::refuseTls}));
}

TEST_F(Compute, APeriodCountsFromTheBeginningOfTheSession) {
  Json family = smallFamily();
  family["cases"]["ended"] = Json::parse(R"({"why": "A.", "certificate": {}, "period": {"from": -600, "until": -60},
    "expect": {"all": ["deny", "refuse-tls"]}, "twin": "exact"})");
  family["cases"]["running"] = Json::parse(R"({"why": "A.", "certificate": {}, "period": {"from": -60, "until": 60},
    "expect": {"all": ["relay"]}})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const verdict::Peer ended = peer(*catalogue.find("small.ended"), catalogue).own;
  EXPECT_FALSE(ended.certificate->verified);
  EXPECT_THAT(ended.certificate->unverifiedBecause, HasSubstr("expired"));
  EXPECT_TRUE(peer(*catalogue.find("small.running"), catalogue).own.certificate->verified);
}

TEST_F(Compute, AResumedSessionMayOutliveItsCertificate) {
  Json family = smallFamily();
  family["cases"]["outlived"] = Json::parse(R"({"why": "A.", "tls": "1.3", "earlier": {"by": "ticket", "lifetime": 2},
    "expect": {"all": ["relay", "deny", "refuse-tls"]}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& outlived = *catalogue.find("small.outlived");
  const Peers peers = peer(outlived, catalogue);
  EXPECT_FALSE(peers.own.certificate->verified);
  EXPECT_TRUE(peers.earlier->certificate->verified);
  EXPECT_FALSE(peers.earlierAnew->certificate->verified);
  EXPECT_THAT(peers.own.certificate->unverifiedBecause, HasSubstr("expired"));
  const Judged judged = compute(catalogue, outlived, peers, tenancy_, {}, catalogue.profiles.front());
  EXPECT_EQ(judged.acceptableResumed[0][0].wire(), (std::set{Wire::accept, Wire::deny, Wire::refuseTls}));
  EXPECT_EQ(judged.acceptableAnew[0][0].wire(), (std::set{Wire::deny, Wire::refuseTls}));
}

TEST_F(Compute, WhoeverRenegotiatesMayBeRefused) {
  Json family = smallFamily();
  family["cases"]["again"] = Json::parse(R"({"why": "A.", "tls": "1.2", "certificate": null,
    "earlier": {"by": "renegotiation", "certificate": {}}, "expect": {"all": ["deny", "refuse-tls"]}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& again = *catalogue.find("small.again");
  const Judged judged = compute(catalogue, again, peer(again, catalogue), tenancy_, {}, catalogue.profiles.front());
  EXPECT_EQ(judged.acceptable[0][0].wire(), (std::set{Wire::deny, Wire::refuseTls}));
}

TEST_F(Compute, ABlueprintThatCannotBeMintedNamesItsCase) {
  Json family = smallFamily();
  family["cases"]["exact"]["certificate"] = {{"dnss", "x"}};
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  try {
    fixtureOf(*catalogue.find("small.exact"), mint_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.text(), HasSubstr("small.json:"));
    EXPECT_THAT(error.text(), HasSubstr("cases.exact.certificate.dnss: unknown key"));
  }
}

TEST_F(Compute, ASmuggledTransactionIsDeniedWhoeverThePeerIs) {
  Json family = smallFamily();
  family["cases"]["hidden"] = Json::parse(R"({"why": "A.", "transactions": [{}, {"smuggled": true}],
    "expect": {"all": {"1": ["relay"], "2": ["deny"]}}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const Case& smuggling = *catalogue.find("small.hidden");
  const Judged hidden =
      compute(catalogue, smuggling, peer(smuggling, catalogue), tenancy_, {}, catalogue.profiles.front());
  EXPECT_EQ(hidden.acceptable[0][0].wire(), std::set{Wire::accept});
  EXPECT_EQ(hidden.acceptable[1][0].wire(), std::set{Wire::deny});
}

}  // namespace
}  // namespace relayproof::catalogue
