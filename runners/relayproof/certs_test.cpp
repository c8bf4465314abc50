#include <gmock/gmock.h>

#include <map>
#include <utility>

#include "runners/relayproof/test_support.h"

namespace relayproof {
namespace {

using testing::HasSubstr;
using testing::Not;

class Certs : public Program {
 protected:
  // The core fixtures of one glob in a folder of that name.
  std::string set(const std::string& name, const std::string& glob, const std::string& options = {}) const {
    EXPECT_EQ(run("certs --filter '" + glob + "' --out " + file(name) + " " + options).status, 0);
    return file(name);
  }
};

TEST_F(Certs, LintTellsWhatACertificateWouldMatch) {
  const std::string good = set("set", "valid-both") + "/valid-both.pem";
  const Ran ran = run("certs lint --at 2026-01-01T00:00:00Z " + good);
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("  name      DNS-ID \"contoso.test\"\n"));
  EXPECT_THAT(ran.output, HasSubstr("  matches   mail.contoso.test                 every profile\n"));
  EXPECT_THAT(ran.output, HasSubstr("  matches   *.mail.contoso.test               exo-2017, exo-2023, exo-2026\n"));
  EXPECT_THAT(ran.output, Not(HasSubstr("fault")));

  const Ran later = run("certs lint --at 2099-01-01T00:00:00Z --format json " + good);
  EXPECT_EQ(later.status, 1);
  const Json told = Json::parse(later.output);
  EXPECT_EQ(told["findings"][0]["rule"], "expired");
  EXPECT_EQ(told["matches"][0]["strict"], true);
}

TEST_F(Certs, LintNamesMalformedIdentifiersAndOpenAnswers) {
  const std::string folder = set("set", "hostile.names.nul-suffix");
  const Ran malformed = run("certs lint " + folder);
  EXPECT_EQ(malformed.status, 1);
  EXPECT_THAT(malformed.output, HasSubstr("\\x00.evil.test\"  (malformed: it holds a NUL)"));
  EXPECT_THAT(malformed.output, HasSubstr("fault     malformed-identifier: its DNS-ID"));
  EXPECT_THAT(malformed.output, Not(HasSubstr("matches")));

  const Ran wildcard =
      run("certs lint " + set("more", "wildcard.presented.one-label") + "/wildcard.presented.one-label.pem");
  EXPECT_THAT(wildcard.output, HasSubstr("both answers are right: exo-2017"));
}

TEST_F(Certs, LintErrors) {
  std::filesystem::create_directory(file("bare"));
  const struct {
    std::string arguments, says;
  } rows[] = {
      {"certs lint", "names no file"},
      {"certs lint /no/such/file.pem", "/no/such/file.pem: cannot be read"},
      {"certs lint " + file("empty.pem", ""), "empty.pem"},
      {"certs lint " + file("rubbish.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
       "rubbish.pem"},
      {"certs lint " + file("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
       "key.pem: holds a block PRIVATE KEY and no certificate"},
      {"certs lint " + file("p7.pem", "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n"), "holds a block PKCS7 and"},
      {"certs lint " + file("trusted.pem", "text\n-----BEGIN TRUSTED CERTIFICATE-----\r\nAAAA\n"),
       "holds a block TRUSTED CERTIFICATE and"},
      {"certs lint " + file("a.p12", "0\x82\x01\x01\x02\x01\x03"), "a.p12: is binary and no certificate in DER"},
      {"certs lint " + file("utf16.pem", "\xff\xfe-"), "utf16.pem: is binary"},
      {"certs lint /dev/zero", "/dev/zero: has more than 256 MiB"},
      {"certs lint " + file("bare"), "is a folder without PEM files"},
      {"certs lint --at soon " + file("empty.pem", ""), "--at: \"soon\" is no time"},
      {"certs list --at 2026-01-01T00:00:00Z", "--at: is about certs lint"},
      {"certs diff " + file("one"), "takes two folders and not 1"},
      {"certs diff /no/such /no/such", "/no/such/manifest.json: cannot be read"},
  };
  for (const auto& row : rows) {
    const Ran ran = run(row.arguments);
    EXPECT_EQ(ran.status, 2) << row.arguments << "\n" << ran.output;
    EXPECT_THAT(ran.output, HasSubstr(row.says)) << row.arguments;
  }
}

TEST_F(Certs, LintTakesCertificatesAsTheyLieAbout) {
  const std::string set = this->set("set", "valid-both");
  const std::string pem = *readFile(set + "/valid-both.pem"), der = *readFile(set + "/valid-both.der");
  std::string windows;
  for (const char c : pem) windows += c == '\n' ? "\r\n" : std::string(1, c);
  std::ofstream(file("x.der"), std::ios::binary) << der;
  const std::string told = run("certs lint --at 2026-01-01T00:00:00Z " + set + "/valid-both.pem").output;
  const std::string rest = told.substr(told.find('\n'));
  for (const std::string& one :
       {file("crlf.pem", windows), file("text.pem", "subject=CN = x\n-----\n" + pem + "\nend\n"),
        file("mark.pem", "\xef\xbb\xbf" + pem)}) {
    const Ran ran = run("certs lint --at 2026-01-01T00:00:00Z " + one);
    EXPECT_EQ(ran.output, one + rest);
  }
  EXPECT_THAT(run("certs lint --at 2026-01-01T00:00:00Z " + file("x.der")).output, HasSubstr("alone: it stands alone"));
  const Ran both = run("certs lint --at 2026-01-01T00:00:00Z /no/such.pem " + set + "/valid-both.pem");
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.output, HasSubstr("relayproof: /no/such.pem: cannot be read"));
  EXPECT_THAT(both.output, HasSubstr(rest)) << "what can be read is looked at all the same";
}

TEST_F(Certs, UnderARootOfOnesOwn) {
  const std::string ours = set("ours", "valid-both");
  // The fixture's own authority, as anybody might have one.
  const std::string pair = ours + "/ca/unknown-root.pem," + ours + "/ca/unknown-root.key.pem";
  const std::string theirs = set("theirs", "valid-both", "--not-after 2037-12-31 --issuer " + pair);
  EXPECT_EQ(*readFile(theirs + "/ca/root.pem"), *readFile(ours + "/ca/unknown-root.pem"));
  EXPECT_FALSE(readFile(theirs + "/ca/root.key.pem")) << "a key of the user's own is written nowhere";
  EXPECT_EQ(run("certs diff " + ours + " " + theirs).status, 0) << "the same by meaning";
  EXPECT_THAT(run("certs lint " + theirs + "/valid-both.pem").output, Not(HasSubstr("beyond-2038")));

  const std::pair<std::string, const char*> rows[] = {
      {"--issuer " + ours + "/ca/root.pem", "is not of the form CERT,KEY"},
      {"--issuer " + ours + "/ca/root.pem," + ours + "/valid-both.key.pem", "is not the key of"},
      {"--issuer " + ours + "/valid-both.pem," + ours + "/valid-both.key.pem", "is no CA's certificate"},
      {"--issuer " + ours + "/ca/path-length-zero.pem," + ours + "/ca/path-length-zero.key.pem",
       "allows no intermediate below it"},
      {"--issuer " + ours + "/ca/expired-intermediate.pem," + ours + "/ca/expired-intermediate.key.pem",
       "does not verify: certificate has expired"},
      {"--issuer " + ours + "/ca/constrained.pem," + ours + "/ca/constrained.key.pem",
       "--issuer: a client's certificate below it does not verify: permitted subtree violation"},
      {"--issuer " + ours + "/ca/server-only.pem," + ours + "/ca/server-only.key.pem",
       "server-only.pem: may not issue for clients"},
      {"--issuer /no/such.pem,/no/such.key", "/no/such.pem: cannot be read"},
      {"--not-after tomorrow", "--not-after: \"tomorrow\" is no date"},
      {"--not-after 2025-12-31", "--not-after: is before the time that the set is judged at"},
  };
  for (const auto& [options, says] : rows) {
    const Ran ran = run("certs --out " + file("none") + " " + options);
    EXPECT_EQ(ran.status, 2) << options << "\n" << ran.output;
    EXPECT_THAT(ran.output, HasSubstr(says)) << options;
  }
}

// Under a CA that is below somebody's root every fixture but those about the root means what it meant.
TEST_F(Certs, UnderACaBelowARoot) {
  const std::string ours = set("ours", "*");
  const std::string lab = set("lab", "valid-both", "--seed 7");
  std::ofstream(file("ca.pem")) << *readFile(lab + "/ca/named-like-a-relay.pem") << *readFile(lab + "/ca/root.pem");
  const std::string options = " --issuer " + file("ca.pem") + "," + lab + "/ca/named-like-a-relay.key.pem";
  const Ran ran = run("certs --out " + file("theirs") + options);
  ASSERT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("  valid-under-root: it is about the root, and the issuer given is below one\n"));
  const Json before = json("ours/manifest.json"), after = json("theirs/manifest.json");
  EXPECT_EQ(after["certificates"].size() + after["dropped"].size(), before["certificates"].size());
  EXPECT_LT(after["dropped"].size(), 12U);
  std::map<std::string, Json> byId;
  for (const Json& one : before["certificates"]) byId[one["id"]] = one["verdicts"];
  for (const Json& one : after["certificates"]) EXPECT_EQ(one["verdicts"], byId[one["id"]]) << one["id"];
  for (const Json& authority : after["authorities"])
    EXPECT_EQ(authority["trusted"], authority["name"] == "root-issuer-1") << authority["name"];
}

// Domains of another length and with more labels change no verdict; what they would change is dropped by name.
TEST_F(Certs, WithDomainsOfOnesOwnMeanTheSame) {
  const std::string shorter = " --domain-map contoso.test=lab.example";
  const std::string longer = " --domain-map contoso.test=relay.mail.corp-of-ours.example.net";
  for (const auto& [name, options] :
       {std::pair<std::string, std::string>{"core", longer + " --domain-map hostile-names.test=hostile.lab.example"},
        {"hostile", shorter + " --domain-map constrained.test=a.b.c.d.example"},
        {"pki", longer + " --domain-map fabrikam.test=lab.org"}}) {
    const std::string minting = "certs --force --set " + name + " --out " + file("set");
    ASSERT_EQ(run(minting).status, 0);
    std::map<std::string, Json> before;
    const Json unmappedSet = json("set/manifest.json");
    for (const Json& one : unmappedSet["certificates"]) before[one["id"]] = one;
    const Ran ran = run(minting + options);
    ASSERT_EQ(ran.status, 0) << ran.output;
    const Json manifest = json("set/manifest.json");
    EXPECT_EQ(manifest["certificates"].size() + manifest["dropped"].size(), before.size()) << options;
    EXPECT_LT(manifest["dropped"].size(), before.size() / 8) << options;
    for (const Json& dropped : manifest["dropped"])
      EXPECT_THAT(ran.output, HasSubstr(dropped["id"].get<std::string>() + ": " + dropped["why"].get<std::string>()));
    for (const Json& one : manifest["certificates"]) {
      const Json& unmapped = before.at(one["id"]);
      for (const char* key : {"verdicts", "wrong", "otherSubjectIdentifiers"})
        EXPECT_EQ(one[key], unmapped[key]) << one["id"] << options;
      EXPECT_EQ(one["presented"].size(), unmapped["presented"].size()) << one["id"] << options;
      EXPECT_THAT(one["blueprint"].dump(), Not(HasSubstr("contoso"))) << one["id"] << options;
    }
  }
}

// Neither a limit on files nor an interruption at any moment leaves half a set.
TEST_F(Certs, WhatEndsARunLeavesNothingBehind) {
  const auto shell = [&](const std::string& script) { return std::system(("bash -c '" + script + "'").c_str()); };
  const std::string minting = kProgram + " certs --set pki --out " + file("out/set") + " > " + file("told") + " 2>&1";
  EXPECT_EQ(WEXITSTATUS(shell("ulimit -f 1; " + minting)), 2);
  EXPECT_THAT(*readFile(file("told")), HasSubstr("cannot be written: File too large"));
  EXPECT_TRUE(std::filesystem::is_empty(file("out")));
  for (const char* signal : {"TERM", "INT"})
    for (const char* moment : {"0.05", "0.2", "0.4"}) {
      shell("set -m; " + minting + " & sleep " + moment + "; kill -" + signal + " $!; wait $!; true");
      for (const auto& entry : std::filesystem::directory_iterator(file("out")))
        EXPECT_EQ(entry.path().filename(), "set") << "the whole set, or nothing";
      if (std::filesystem::exists(file("out/set"))) {
        EXPECT_EQ(json("out/set/manifest.json")["certificates"].size(), 298U);
      }
      std::filesystem::remove_all(file("out/set"));
    }
}

TEST_F(Certs, ShowTellsWhatIsWrongWithTheChain) {
  const auto shown = [](const std::string& id) { return run("certs show --set pki " + id).output; };
  EXPECT_THAT(shown("good"), HasSubstr("chain: verifies\n1: the leaf\n2: authority intermediate\n"));
  EXPECT_THAT(shown("chain.missing-intermediate"),
              HasSubstr("chain: does not verify: unable to get local issuer certificate\n1: the leaf\ntwin: "));
  EXPECT_THAT(shown("path.lower-one-counts"), HasSubstr("path length 0"));
  EXPECT_THAT(shown("chain.hundred"), HasSubstr("and 90 more\n"));
}

TEST_F(Certs, ADomainMapThatCannotBe) {
  const struct {
    const char *map, *says;
  } rows[] = {{"contoso.test", "--domain-map: \"contoso.test\" is not of the form RESERVED=DOMAIN"},
              {"contosa.test=lab.example", "--domain-map: contosa.test: nothing here names contosa.test"},
              {"contoso.test=elsewhere.test", "--domain-map: contoso.test: elsewhere.test is named here already"},
              {"contoso.test=lab", "contoso.test: \"lab\" is no domain that can stand for it"},
              {"contoso.com=lab.example", "\"contoso.com\" is no domain that the cases are written with"}};
  for (const auto& row : rows) {
    const Ran ran = run("certs list --domain-map " + std::string(row.map));
    EXPECT_EQ(ran.status, 2) << row.map;
    EXPECT_THAT(ran.output, HasSubstr(row.says));
  }
}

TEST_F(Certs, DiffComparesByMeaning) {
  const std::string before = set("before", "valid-*"), reseeded = set("reseeded", "valid-*", "--seed 7");
  const Ran same = run("certs diff " + before + " " + reseeded);
  EXPECT_EQ(same.status, 0) << same.output;
  EXPECT_EQ(same.output, "");

  const Ran less = run("certs diff " + before + " " + set("less", "valid-both"));
  EXPECT_EQ(less.status, 1);
  EXPECT_THAT(less.output, HasSubstr("valid-common-name\n  only in " + before + "\n"));
  EXPECT_THAT(less.output, Not(HasSubstr("valid-both")));

  Json manifest = json("reseeded/manifest.json");
  manifest["certificates"][0]["verdicts"]["strict"] = {"relay"};
  const std::string id = manifest["certificates"][0]["id"];
  file("reseeded/manifest.json", manifest.dump());
  const Ran changed = run("certs diff " + before + " " + reseeded);
  EXPECT_EQ(changed.status, 1);
  EXPECT_THAT(changed.output, HasSubstr(id + "\n  verdicts: {"));
}

}  // namespace
}  // namespace relayproof
