#include "certs/fixture_set.h"

#include <gmock/gmock.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <map>
#include <memory>

#include "certs/digest.h"
#include "certs/identifiers.h"
#include "certs/pkcs12.h"
#include "certs/test_support.h"
#include "certs/verify.h"

namespace relayproof::certs {
namespace {

using testing::HasSubstr;

FixtureSet setOf(std::string_view fixtures) {
  const std::string text = R"({"set":"test","fixtures":)" + std::string(fixtures) + "}";
  auto set = readDocument(text, "test.json", readSet);
  if (!set) throw std::runtime_error(set.error().text());
  return std::move(*set);
}

std::string octetsOf(const std::vector<SetFile>& files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(), [&](const SetFile& file) { return file.name == name; });
  return found == files.end() ? "" : found->octets;
}

Json manifestOf(const FixtureSet& set) {
  return Json::parse(octetsOf(filesOf(set, sharedMint(), false), "manifest.json"));
}

TEST(FixtureSet, TheManifestSaysWhatIsThere) {
  FixtureSet set = setOf(
      R"({"a.b-c":{"why":"A reason.","sources":["s"],"certificate":{"cn":{"PrintableString":"x\u0000y"},"dns":["z"]}}})");
  set.entries.front().verdicts = Json{{"exo-2017", Json::array({"deny"})}};
  const auto files = filesOf(set, sharedMint(), true);
  const Json manifest = Json::parse(octetsOf(files, "manifest.json"));
  EXPECT_EQ(manifest["schema"], "relayproof.fixtures/1");
  const Json& entry = manifest["certificates"].at(0);
  EXPECT_EQ(entry["id"], "a.b-c");
  EXPECT_EQ(entry["why"], "A reason.");
  EXPECT_EQ(entry["sources"].dump(), R"(["s"])");
  EXPECT_EQ(entry["verdicts"]["exo-2017"].dump(), R"(["deny"])");
  EXPECT_EQ(entry["presented"].dump(), R"([{"kind":"CN","type":"PrintableString","value":"x\\x00y"},)"
                                       R"({"kind":"DNS-ID","type":"IA5String","value":"z"}])");
  EXPECT_EQ(entry["wrong"].dump(), "[]");
  EXPECT_EQ(entry["blueprint"].dump(), R"({"cn":{"PrintableString":"x\u0000y"},"dns":["z"]})");
  EXPECT_EQ(entry["files"].dump(),
            R"({"chain":"a.b-c.pem","leaf":"a.b-c.der","key":"a.b-c.key.pem","pkcs12":"a.b-c.p12"})");
  EXPECT_EQ(entry["sha256"].size(), 4U);
  for (const auto& [name, sum] : entry["sha256"].items())
    EXPECT_EQ(sum, hex(digest(Hash::sha256, {octetsOf(files, name)}))) << name;
  EXPECT_EQ(octetsOf(files, "a.b-c.der"), issue(sharedMint(), "a.b-c", set.entries.front().blueprint.dump()).leaf);
  EXPECT_EQ(certificatesFromPem(octetsOf(files, "a.b-c.pem"), "x").value(),
            issue(sharedMint(), "a.b-c", set.entries.front().blueprint.dump()).chain);
  EXPECT_EQ(octetsOf(files, "ca/root.pem"), pem("CERTIFICATE", sharedMint().trustAnchors().front()));
  EXPECT_THAT(octetsOf(files, "README.md"), HasSubstr("| a.b-c | A reason. |  |\n"));
}

TEST(FixtureSet, KeysAreTheSecretFiles) {
  const auto files = filesOf(setOf(R"({"a":{"why":"w","certificate":{}}})"), sharedMint(), true);
  for (const SetFile& file : files)
    EXPECT_EQ(file.secret, file.name.ends_with(".key.pem") || file.name.ends_with(".p12")) << file.name;
}

TEST(FixtureSet, WhatIsWrongAndTheErrorThatShowsIt) {
  const auto wrong = [](const std::string& blueprint) {
    const FixtureSet set = setOf(R"({"a":{"why":"w","certificate":)" + blueprint + "}}");
    return manifestOf(set)["certificates"][0]["wrong"].dump();
  };
  EXPECT_EQ(wrong("{}"), "[]");
  EXPECT_EQ(wrong(R"({"issuer":"expired-intermediate"})"),
            R"([{"what":"the chain does not verify","error":"certificate has expired"}])");
  EXPECT_EQ(wrong(R"({"issuer":"server-only"})"),
            R"([{"what":"extendedKeyUsage does not allow clientAuth","error":"unsuitable certificate purpose"}])");
  EXPECT_EQ(wrong(R"({"keyOf":"foreign"})"),
            R"([{"what":"the private key is not the certificate's own","error":null}])");
  EXPECT_THAT(wrong(R"({"sanForm":"empty"})"), HasSubstr("subjectAltName is empty"));
  EXPECT_THAT(wrong(R"({"issuer":"constrained","cn":"a.test"})"), HasSubstr("outside a dNSName constraint"));
}

// The words that the manifest gives for a missing purpose are those of OpenSSL.
TEST(FixtureSet, OpenSslSaysTheSameOfAPurpose) {
  EXPECT_STREQ(X509_verify_cert_error_string(X509_V_ERR_INVALID_PURPOSE), "unsuitable certificate purpose");
}

TEST(FixtureSet, NotesOfParsersStandWithTheFixturesThatTheyAreAbout) {
  FixtureSet set = setOf(R"({"a.b":{"why":"w","certificate":{}},"c":{"why":"w","certificate":{}}})");
  const auto add = [&](std::string_view text) {
    return readDocument(text, "parsers.json", [&](const Node& root) { return addNotes(root, set), true; });
  };
  EXPECT_TRUE(add(R"({"test":[{"parsers":["x","y"],"parts":["CN"],"ids":["a.*"],"note":"N."}],
                      "other":[{"parsers":["x"],"parts":["CN"],"ids":["*"],"note":"M."}]})"));
  const Json certificates = manifestOf(set)["certificates"];
  EXPECT_EQ(certificates[0]["notes"].dump(), R"([{"parser":"x","note":"N."},{"parser":"y","note":"N."}])");
  EXPECT_FALSE(certificates[1].contains("notes"));
  EXPECT_THAT(add(R"({"test":[{"parser":"x"}]})").error().text(), HasSubstr("test[0].parser: unknown key"));
}

TEST(FixtureSet, IdsMustBeFileNames) {
  const auto error = [](const FixtureSet& set) { return faultOfIds(set).value().text(); };
  for (const char* id : {"", ".hidden", "a/b", "../x", "a b", "a\\u0000"})
    EXPECT_THAT(error(setOf(std::string("{\"") + id + R"(":{"why":"w","certificate":{}}})")),
                HasSubstr("is no id that a file can bear"));
  FixtureSet twice = setOf(R"({"a":{"why":"w","certificate":{}}})");
  twice.entries.push_back(twice.entries.front());
  EXPECT_THAT(error(twice), HasSubstr("a: stands twice in the set"));
}

TEST(FixtureSet, WithAFixtureGoesWhatHangsOnIt) {
  const auto map = [](const Node& root) { return DomainMap(root); };
  const DomainMap domains = readDocument(R"({"contoso.test":"lab.example"})", "map.json", map).value();
  const char* text = R"({"set":"s","fixtures":{"a":{"why":"w","certificate":{},"twin":"b"},
      "b":{"why":"w","certificate":{},"twin":"c"},"c":{"why":"w","certificate":{"dns":["mail.contosa.test"]}}}})";
  const FixtureSet set =
      readDocument(text, "s.json", [&](const Node& root) { return readMappedSet(root, domains); }).value();
  EXPECT_TRUE(set.entries.empty());
  ASSERT_EQ(set.dropped.size(), 3U);
  EXPECT_EQ(set.dropped[0].why, "its twin b is dropped");
}

TEST(FixtureSet, MistakesInASet) {
  const auto error = [](std::string_view text) { return readDocument(text, "set.json", readSet).error().text(); };
  EXPECT_THAT(error(R"({"fixtures":{}})"), HasSubstr("set.json: the key \"set\" is missing"));
  EXPECT_THAT(error(R"({"set":"s","fixtures":{"a":{"certificate":{}}}})"),
              HasSubstr("fixtures.a: the key \"why\" is missing"));
  try {
    filesOf(setOf(R"({"a":{"why":"w","certificate":{"dn":[]}}})"), sharedMint(), false);
    FAIL();
  } catch (const Error& mistake) {
    EXPECT_THAT(mistake.text(), HasSubstr("test.json: fixtures.a.certificate.dn: unknown key; did you mean"));
  }
}

TEST(FixtureSet, OfAMegabyteOfNamesAThousandAreListed) {
  const FixtureSet set =
      setOf(R"({"a":{"why":"w","certificate":{"cn":"c","san":[{"many":{"count":1001,"dns":"h{n}.test"}}]}}})");
  const Json entry = manifestOf(set)["certificates"][0];
  EXPECT_EQ(entry["presented"].size(), 1000U);
  EXPECT_EQ(entry["presentedLeftOut"], 2);
}

TEST(CoreSet, EachFixtureIsWhatItSays) {
  const FixtureSet core = shippedSet("core");
  EXPECT_GE(core.entries.size(), 25U);
  const std::string undecodable = "the certificate cannot be decoded";
  const std::map<std::string, std::string> meant{{"unknown-critical-extension", "unhandled critical extension"},
                                                 {"type-bmp-odd", undecodable},
                                                 {"type-utf8-overlong", undecodable},
                                                 {"type-utf8-nul-overlong", undecodable},
                                                 {"type-universal-out-of-range", undecodable}};
  ChainVerifier verifier(sharedMint().trustAnchors());
  for (const SetEntry& entry : core.entries) {
    EXPECT_GT(entry.why.size(), 20U) << entry.id;
    const Minted minted = mintEntry(entry, sharedMint(), verifier);
    EXPECT_TRUE(minted.identifiers) << entry.id;
    const auto fault = meant.find(entry.id);
    EXPECT_EQ(minted.facts.error, fault == meant.end() ? "" : fault->second) << entry.id;
    EXPECT_EQ(pkcs12(minted.fixture).has_value(), minted.facts.error != undecodable) << entry.id;
  }
}

// Every octet of a set hangs on this, so another OpenSSL that made one differently would show.
TEST(FixtureSet, TheManifestIsTheSameEverywhere) {
  const Mint mint = readDocument(R"({"authorities":{"root":{"issuer":"self","cn":"r"},"ca":{"issuer":"root","cn":"i"}},
                                     "default":"ca","trusted":["root"]})",
                                 "authorities.json", [](const Node& root) { return Mint(root, 0); })
                        .value();
  const FixtureSet set = setOf(R"({"p256":{"why":"w","certificate":{"cn":"mail.names.test"}},
      "rsa":{"why":"w","certificate":{"dns":["mail.names.test"],"key":"rsa2048"}},
      "p384":{"why":"w","certificate":{"dns":["a\u0000b"],"key":"p384"}},
      "ed25519":{"why":"w","certificate":{"key":"ed25519","issuer":"self"}},
      "theft":{"why":"w","certificate":{"keyOf":"foreign","notAfter":"2021-01-01T00:00:00Z"}}})");
  const auto files = filesOf(set, mint, true);
  EXPECT_EQ(hex(digest(Hash::sha256, {octetsOf(files, "manifest.json")})),
            "83748e41a1cd00cc105397fd1f8469e197e6714f5ebd4efc39ee9294f5579fa6");
}

TEST(Pkcs12, OpensAndHoldsKeyAndChain) {
  for (const char* blueprint : {R"({})", R"({"key":"rsa2048"})", R"({"key":"p384"})", R"({"key":"ed25519"})"}) {
    const Fixture fixture = issue(blueprint);
    const std::string file = pkcs12(fixture).value();
    const auto* at = reinterpret_cast<const unsigned char*>(file.data());
    const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> read(d2i_PKCS12(nullptr, &at, static_cast<long>(file.size())),
                                                               &PKCS12_free);
    ASSERT_TRUE(read);
    EXPECT_EQ(PKCS12_verify_mac(read.get(), "wrong", -1), 0);
    EVP_PKEY* key = nullptr;
    X509* leaf = nullptr;
    STACK_OF(X509)* others = nullptr;
    ASSERT_EQ(PKCS12_parse(read.get(), kPkcs12Password, &key, &leaf, &others), 1);
    unsigned char* der = nullptr;
    const int size = i2d_X509(leaf, &der);
    EXPECT_EQ(std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(size)), fixture.leaf);
    EXPECT_EQ(X509_check_private_key(leaf, key), 1);
    EXPECT_EQ(sk_X509_num(others), 1);
    OPENSSL_free(der);
    EVP_PKEY_free(key);
    X509_free(leaf);
    sk_X509_pop_free(others, X509_free);
    EXPECT_EQ(pkcs12(fixture), file);
  }
}

}  // namespace
}  // namespace relayproof::certs
