#include "certs/mint.h"

#include <gmock/gmock.h>
#include <openssl/x509.h>

#include <array>
#include <memory>

#include "certs/certificate_walk.h"
#include "certs/digest.h"
#include "certs/test_support.h"
#include "certs/verify.h"

namespace relayproof::certs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string authoritiesError(std::string_view text) {
  const auto mint = readDocument(text, "authorities.json", [](const Node& root) { return Mint(root, 0); });
  return mint ? "" : mint.error().text();
}

TEST(Mint, SameSeedSameOctets) {
  for (const char* blueprint : {R"({})", R"({"key":"rsa2048"})", R"({"key":"ed25519"})", R"({"key":"p384"})",
                                R"({"keyOf":"foreign"})", R"({"signature":"foreign"})"}) {
    const Fixture one = issue(mintOf(3), "a", blueprint);
    const Fixture same = issue(mintOf(3), "a", blueprint);
    EXPECT_EQ(one.chain, same.chain) << blueprint;
    EXPECT_EQ(one.key, same.key) << blueprint;
    EXPECT_NE(one.chain, issue(mintOf(4), "a", blueprint).chain) << blueprint;
  }
  EXPECT_NE(issue(sharedMint(), "a", "{}").key, issue(sharedMint(), "b", "{}").key);
}

TEST(Mint, WhoeverSharesAKeyHasTheSame) {
  const auto key = [](const std::string& id, const char* blueprint) { return issue(mintOf(3), id, blueprint).key; };
  EXPECT_EQ(key("a", R"({"sharedKey":"one"})"), key("b", R"({"sharedKey":"one"})"));
  EXPECT_NE(key("a", R"({"sharedKey":"one"})"), key("a", R"({"sharedKey":"two"})"));
  EXPECT_NE(key("a", R"({"sharedKey":"one"})"), key("a", "{}"));
  // Foreign: the certificate has a key of its own, and the one that is handed out is that of the others.
  const char* foreign = R"({"sharedKey":"one","keyOf":"foreign"})";
  EXPECT_NE(key("a", foreign), key("a", R"({"sharedKey":"two","keyOf":"foreign"})"));
  EXPECT_EQ(issue(mintOf(3), "a", foreign).leaf, issue(mintOf(3), "a", R"({"keyOf":"foreign"})").leaf);
  EXPECT_FALSE(issue(mintOf(3), "a", foreign).ownKey);
}

// The octets that every OpenSSL gives. They change only when what is minted is meant to change.
TEST(Mint, OctetsThatAnotherMachineGivesToo) {
  const auto fingerprint = [](const char* blueprint) {
    const Fixture fixture = issue(mintOf(0), "golden", blueprint);
    std::string all = fixture.key;
    for (const std::string& certificate : fixture.chain) all += certificate;
    return hex(digest(Hash::sha256, {all})).substr(0, 16);
  };
  EXPECT_EQ(fingerprint(R"({"cn":"mail.names.test","dns":["mail.names.test"]})"), "5efb4bba9a4c4bc8");
  EXPECT_EQ(fingerprint(R"({"key":"rsa2048"})"), "3e3bcf46dc85c6e3");
  EXPECT_EQ(fingerprint(R"({"key":"p384"})"), "68bd28e0a477c372");
  EXPECT_EQ(fingerprint(R"({"key":"ed25519"})"), "6a9858290f2f800f");
  EXPECT_EQ(fingerprint(R"({"issuer":"self","keyOf":"foreign","notAfter":"2050-01-01T00:00:00Z"})"),
            "84ea18f4b69d4c82");
}

TEST(Mint, TheChainIsWhatIsSent) {
  const auto& all = sharedMint().authorities();
  const auto below = [&](std::string_view blueprint) {
    auto chain = issue(blueprint).chain;
    chain.erase(chain.begin());
    return chain;
  };
  EXPECT_THAT(below("{}"), ElementsAre(all.at("intermediate")));
  EXPECT_THAT(below(R"({"issuer":"root"})"), ElementsAre());
  EXPECT_THAT(below(R"({"issuer":"self"})"), ElementsAre());
  EXPECT_THAT(below(R"({"issuer":"no-ca"})"), ElementsAre(all.at("no-ca"), all.at("intermediate")));
  const Fixture turned = issue(R"({"chain":["intermediate","leaf","root","leaf"]})");
  EXPECT_THAT(turned.chain, ElementsAre(all.at("intermediate"), turned.leaf, all.at("root"), turned.leaf));
}

TEST(Mint, AnchorsAreTheTrustedAuthorities) {
  EXPECT_THAT(sharedMint().trustAnchors(), ElementsAre(sharedMint().authorities().at("root")));
}

TEST(Mint, SerialsDifferAndAreAsAsked) {
  const auto serial = [](const Fixture& fixture) { return hex(walkCertificate(fixture.leaf).value().serial); };
  EXPECT_EQ(serial(issue(R"({"serial":{"hex":"ff00"}})")), "ff00");
  EXPECT_NE(serial(issue(sharedMint(), "a", "{}")), serial(issue(sharedMint(), "b", "{}")));
  EXPECT_EQ(serial(issue("{}")).size(), 32U);
}

TEST(Mint, MistakesInABlueprintNameAnAuthority) {
  const auto error = [](std::string_view blueprint) { return tryIssue(sharedMint(), "x", blueprint).error().text(); };
  EXPECT_EQ(error(R"({"issuer":"intermediat"})"),
            "blueprint.json: issuer: there is no authority \"intermediat\"; did you mean \"intermediate\"?");
  EXPECT_THAT(error(R"({"issuer":"zzz"})"), HasSubstr("there are below-path-length-zero, constrained,"));
  EXPECT_THAT(error(R"({"chain":["leaf","rooot"]})"), HasSubstr("chain[1]: there is no authority \"rooot\""));
}

TEST(Mint, MistakesInTheAuthorities) {
  EXPECT_THAT(authoritiesError(R"({"authorities":{"a":{}},"default":"a","trusted":[]})"),
              HasSubstr("authorities.a: the key \"issuer\" is missing; name an authority, or write \"self\""));
  EXPECT_THAT(
      authoritiesError(R"({"authorities":{"a":{"issuer":"rot"},"root":{"issuer":"self"}},"default":"a","trusted":[]})"),
      HasSubstr("authorities.a.issuer: there is no authority \"rot\"; did you mean \"root\"?"));
  EXPECT_THAT(authoritiesError(R"({"authorities":{"a":{"issuer":"b"},"b":{"issuer":"a"}},"default":"a","trusted":[]})"),
              HasSubstr("issuer: leads back to itself"));
  EXPECT_THAT(authoritiesError(R"({"authorities":{"leaf":{"issuer":"self"}},"default":"leaf","trusted":[]})"),
              HasSubstr("authorities.leaf: this name has a meaning of its own"));
  EXPECT_THAT(authoritiesError(R"({"authorities":{"a":{"issuer":"self"}},"default":"b","trusted":[]})"),
              HasSubstr("default: there is no authority \"b\""));
  EXPECT_THAT(authoritiesError(R"({"authorities":{"a":{"issuer":"self"}},"default":"a","trusted":["c"]})"),
              HasSubstr("trusted[0]: there is no authority \"c\""));
  EXPECT_THAT(authoritiesError(R"({"authorities":{"a":{"issuer":"self","keyOf":"own"}},"default":"a","trusted":[]})"),
              HasSubstr("authorities.a.keyOf: unknown key"));
  EXPECT_THAT(authoritiesError(R"({"authorities":{},"default":"a"})"), HasSubstr("there is no authority"));
}

TEST(Pem, ThereAndBack) {
  const Fixture fixture = issue("{}");
  std::string text = "Subject: something that people put before it\n";
  for (const std::string& certificate : fixture.chain) text += pem("CERTIFICATE", certificate);
  text += pem("PRIVATE KEY", fixture.key);
  EXPECT_EQ(certificatesFromPem(text, "x.pem").value(), fixture.chain);

  const std::string armoured = pem("CERTIFICATE", fixture.leaf);
  const std::size_t start = armoured.find('\n') + 1;
  EXPECT_THAT(certificatesFromPem(armoured.substr(start, armoured.find("-----END") - start), "x").value(),
              ElementsAre(fixture.leaf));
}

TEST(Pem, TheLabelOfOldIsReadToo) {
  const Fixture fixture = issue("{}");
  const std::string mixed = pem("CERTIFICATE", fixture.chain[0]) + pem("X509 CERTIFICATE", fixture.chain[1]);
  EXPECT_EQ(certificatesFromPem(mixed, "x").value(), fixture.chain);
  const std::string other = pem("X509 CERTIFICATE", fixture.chain[0]) + pem("CERTIFICATE", fixture.chain[1]);
  EXPECT_EQ(certificatesFromPem(other, "x").value(), fixture.chain);
}

TEST(Pem, Mistakes) {
  const std::string good = pem("CERTIFICATE", issue("{}").leaf);
  const auto error = [](const std::string& text) { return certificatesFromPem(text, "x.pem").error().text(); };
  EXPECT_THAT(error(""), HasSubstr("x.pem: certificate 1: is empty"));
  EXPECT_THAT(error("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"), HasSubstr("certificate 1: is empty"));
  EXPECT_THAT(error(pem("PRIVATE KEY", "abc")), HasSubstr("x.pem: holds a block PRIVATE KEY and no certificate"));
  EXPECT_THAT(error(good + good.substr(0, good.size() - 10)), HasSubstr("x.pem: certificate 2: has no END line"));
  EXPECT_THAT(error(pem("CERTIFICATE", "abc")), HasSubstr("certificate 1: no certificate"));
  EXPECT_THAT(error("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"), HasSubstr("is no base64"));
  EXPECT_THAT(error("-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n"), HasSubstr("is no base64"));
  EXPECT_THAT(error("-----BEGIN CERTIFICATE-----\nA===\n-----END CERTIFICATE-----\n"), HasSubstr("is no base64"));
  EXPECT_THAT(error(std::string("AA\0A", 4)), HasSubstr("is binary and no certificate in DER"));
}

std::string subjectOf(const std::string& certificate) {
  const auto* at = reinterpret_cast<const unsigned char*>(certificate.data());
  const std::unique_ptr<X509, decltype(&X509_free)> read(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())),
                                                         &X509_free);
  std::array<char, 200> text{};
  return read ? X509_NAME_oneline(X509_get_subject_name(read.get()), text.data(), text.size()) : "";
}

TEST(Through, AuthoritiesOfAFixturesOwnStandBetween) {
  const Fixture fixture = issue(sharedMint(), "t", R"({"through":[{"cn":"upper"},2]})");
  ASSERT_EQ(fixture.chain.size(), 5U);
  EXPECT_THAT(subjectOf(fixture.chain[1]), testing::HasSubstr("CN=CA 3 of t"));
  EXPECT_THAT(subjectOf(fixture.chain[2]), testing::HasSubstr("CN=CA 2 of t"));
  EXPECT_THAT(subjectOf(fixture.chain[3]), testing::HasSubstr("CN=upper"));
  EXPECT_EQ(fixture.chain[4], sharedMint().authorities().at("intermediate"));
  const Fixture chosen = issue(sharedMint(), "t", R"({"through":[{"cn":"upper"},2],"chain":["leaf",1,3]})");
  EXPECT_EQ(chosen.chain, (std::vector<std::string>{fixture.leaf, fixture.chain[3], fixture.chain[1]}));
}

TEST(Through, Mistakes) {
  const auto error = [](const char* blueprint) { return tryIssue(sharedMint(), "t", blueprint).error().text(); };
  EXPECT_THAT(error(R"({"through":[{"issuer":"root"}]})"), testing::HasSubstr("through[0].issuer: has no place"));
  EXPECT_THAT(error(R"({"through":[0]})"), testing::HasSubstr("through[0]: must be a whole number from 1"));
  EXPECT_THAT(error(R"({"through":[1],"chain":["leaf",2]})"), testing::HasSubstr("chain[1]: must be a whole number"));
  EXPECT_THAT(error(R"({"scheme":"pss"})"), testing::HasSubstr("scheme: is nothing that the issuer's key can do"));
}

TEST(Possession, TheKeyIsNotItsOwnWhereAnotherCertificateStandsFirst) {
  EXPECT_TRUE(issue(R"({"chain":["leaf","intermediate"]})").ownKey);
  EXPECT_FALSE(issue(R"({"chain":["intermediate","leaf"]})").ownKey);
}

TEST(Authorities, MayHaveTheNameOfAnotherOrItsKeyAlone) {
  Mint mint = mintOf();
  EXPECT_EQ(mint.authorityKey("key-of-root"), mint.authorityKey("root"));
  EXPECT_NE(subjectOf(mint.authorities().at("key-of-root")), subjectOf(mint.authorities().at("root")));
  EXPECT_NE(mint.authorityKey("same-name-as-root"), mint.authorityKey("root"));
  EXPECT_EQ(subjectOf(mint.authorities().at("same-name-as-root")), subjectOf(mint.authorities().at("root")));
}

TEST(AddedAuthorities, HaveOneKeyAndOneName) {
  const auto problem = [](const char* blueprint) {
    Mint mint = mintOf();
    const auto added = readDocument(std::string(R"({"added":)") + blueprint + "}", "set.json", [&](const Node& node) {
      mint.add(node);
      return true;
    });
    return added ? std::string() : added.error().text();
  };
  EXPECT_EQ(problem(R"({"keyFrom":"root","cn":"alias","issuer":"self"})"), "");
  EXPECT_EQ(problem(R"({"keyFrom":"root","nameOf":"intermediate","issuer":"self"})"), "");
  EXPECT_THAT(problem(R"({"keyFrom":"root","key":"p384","issuer":"self"})"), testing::HasSubstr("beside keyFrom"));
  EXPECT_THAT(problem(R"({"keyFrom":"root","sharedKey":"one","issuer":"self"})"), testing::HasSubstr("beside keyFrom"));
  EXPECT_THAT(problem(R"({"keyFrom":"root","sameAs":"root","issuer":"self"})"), testing::HasSubstr("beside sameAs"));
  EXPECT_THAT(problem(R"({"nameOf":"root","sameAs":"root","issuer":"self"})"), testing::HasSubstr("beside sameAs"));
  EXPECT_THAT(problem(R"({"keyFrom":"roots","cn":"alias","issuer":"self"})"),
              testing::HasSubstr("keyFrom: there is no authority"));
}

TEST(AddedAuthorities, StandBesideTheOthersAndMayShareAKey) {
  Mint mint = mintOf();
  const auto added =
      readDocument(R"({"cross":{"sameAs":"unknown-intermediate","issuer":"root"}})", "set.json", [&](const Node& node) {
        mint.add(node);
        return true;
      });
  ASSERT_TRUE(added) << added.error().text();
  EXPECT_EQ(mint.authorityKey("cross"), mint.authorityKey("unknown-intermediate"));
  EXPECT_EQ(subjectOf(mint.authorities().at("cross")), subjectOf(mint.authorities().at("unknown-intermediate")));
  const auto again = readDocument(R"({"root":{"issuer":"self"}})", "set.json", [&](const Node& node) {
    mint.add(node);
    return true;
  });
  EXPECT_THAT(again.error().text(), testing::HasSubstr("root: there is an authority of this name already"));
}

TEST(Crl, IsReadByOpenSslAndSignedByItsAuthority) {
  const auto made = [](const char* text) {
    return readDocument(text, "set.json", [](const Node& node) { return sharedMint().crl("intermediate", node); });
  };
  const std::string der = made(R"({"revoked":[{"hex":"4c01"}],"nextUpdate":"2030-01-01T00:00:00Z"})").value();
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(
      d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())), &X509_CRL_free);
  ASSERT_TRUE(crl);
  EXPECT_EQ(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl.get())), 1);
  const std::string& issuer = sharedMint().authorities().at("intermediate");
  const auto* begin = reinterpret_cast<const unsigned char*>(issuer.data());
  const std::unique_ptr<X509, decltype(&X509_free)> authority(
      d2i_X509(nullptr, &begin, static_cast<long>(issuer.size())), &X509_free);
  EXPECT_EQ(X509_CRL_verify(crl.get(), X509_get0_pubkey(authority.get())), 1);
  EXPECT_NE(made(R"({"signature":"broken"})").value(), made("{}").value());
  EXPECT_THAT(made(R"({"thisUpdate":"soon"})").error().text(), testing::HasSubstr("thisUpdate: is no time"));
  EXPECT_THAT(made(R"({"revokes":[]})").error().text(), testing::HasSubstr("revokes: unknown key"));
}

}  // namespace
}  // namespace relayproof::certs
