#include "certs/fixture_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "certs/digest.h"
#include "certs/identifiers.h"
#include "certs/pkcs12.h"
#include "certs/string_type.h"
#include "certs/verify.h"

namespace relayproof::certs {
namespace {

// The instant for which a manifest says whether a chain verifies; one and the same, so that a manifest never changes.
constexpr std::int64_t kJudgedAt = 1'767'225'600;
constexpr std::string_view kJudgedAtText = "2026-01-01T00:00:00Z";

bool isFileName(std::string_view id) {
  return !id.empty() && id.front() != '.' && id.size() <= 200 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

Json presented(const SubjectIdentifiers& identifiers) {
  Json list = Json::array();
  const auto add = [&](std::string_view kind, const PresentedIdentifier& name) {
    const std::string_view type = nameOf(name.type);
    list.push_back({{"kind", kind}, {"type", type.empty() ? Json() : Json(type)}, {"value", escaped(name.octets)}});
  };
  for (const PresentedIdentifier& name : identifiers.commonNames) add("CN", name);
  for (const PresentedIdentifier& name : identifiers.dnsIds) add("DNS-ID", name);
  return list;
}

// What is wrong with a fixture; the error is OpenSSL's where it has one.
Json faults(const Fixture& fixture, const SubjectIdentifiers& identifiers, const std::vector<std::string>& anchors) {
  Json list = Json::array();
  const auto add = [&](std::string_view what, Json error) {
    list.push_back({{"what", what}, {"error", std::move(error)}});
  };
  const ChainFacts facts = verifyChain(fixture.chain, anchors, kJudgedAt);
  if (!facts.verified) add("the chain does not verify", facts.error);
  const auto& purposes = facts.extendedKeyUsage;
  if (purposes && std::find(purposes->begin(), purposes->end(), "clientAuth") == purposes->end())
    add("extendedKeyUsage does not allow clientAuth", "unsuitable certificate purpose");
  if (!facts.commonNamesOutsideConstraint.empty())
    add("a common name falls outside a dNSName constraint of the chain", nullptr);
  if (identifiers.subjectAltNameMalformed) add("subjectAltName is empty, stands twice or cannot be decoded", nullptr);
  if (!fixture.ownKey) add("the private key is not the certificate's own", nullptr);
  return list;
}

struct Files {
  std::vector<SetFile> all;

  // Returns what the manifest says of the file.
  std::pair<std::string, std::string> add(std::string name, std::string octets, bool secret = false) {
    std::pair<std::string, std::string> said(name, hex(digest(Hash::sha256, {octets})));
    all.push_back({std::move(name), std::move(octets), secret});
    return said;
  }
};

Json entryOf(const SetEntry& entry, const Mint& mint, bool withPkcs12, Files& files) {
  const Fixture& fixture = entry.fixture;
  std::string chain;
  for (const std::string& certificate : fixture.chain) chain += pem("CERTIFICATE", certificate);
  Json names = Json::object();
  Json sums = Json::object();
  const auto add = [&](const char* role, const char* suffix, std::string octets, bool secret) {
    const auto [name, sum] = files.add(fixture.id + suffix, std::move(octets), secret);
    names[role] = name;
    sums[name] = sum;
  };
  add("chain", ".pem", std::move(chain), false);
  add("leaf", ".der", fixture.leaf, false);
  add("key", ".key.pem", pem("PRIVATE KEY", fixture.key), true);
  if (withPkcs12)
    if (auto bundle = pkcs12(fixture)) add("pkcs12", ".p12", std::move(*bundle), true);

  const auto read = subjectIdentifiers(fixture.leaf);
  const SubjectIdentifiers identifiers = read ? *read : SubjectIdentifiers();
  Json said;
  said["id"] = fixture.id;
  said["why"] = entry.why;
  said["files"] = std::move(names);
  said["presented"] = presented(identifiers);
  said["otherSubjectIdentifiers"] = identifiers.otherSubjectIdentifiers;
  said["wrong"] = faults(fixture, identifiers, mint.trustAnchors());
  said["verdicts"] = entry.verdicts;
  said["blueprint"] = entry.blueprint;
  said["sha256"] = std::move(sums);
  return said;
}

Json authoritiesOf(const Mint& mint, Files& files) {
  const std::vector<std::string> anchors = mint.trustAnchors();
  Json list = Json::array();
  for (const auto& [name, certificate] : mint.authorities()) {
    const auto [file, sum] = files.add(fmt::format("ca/{}.pem", name), pem("CERTIFICATE", certificate));
    const auto [keyFile, keySum] =
        files.add(fmt::format("ca/{}.key.pem", name), pem("PRIVATE KEY", mint.authorityKey(name)), true);
    list.push_back({{"name", name},
                    {"trusted", std::find(anchors.begin(), anchors.end(), certificate) != anchors.end()},
                    {"files", {{"certificate", file}, {"key", keyFile}}},
                    {"sha256", {{file, sum}, {keyFile, keySum}}}});
  }
  return list;
}

std::string readme(const Json& manifest, bool withPkcs12) {
  std::string text = fmt::format(
      "# Fixture set {}, seed {}\n\n"
      "Client certificates made by relayproof to find out what a mail relay takes for an identity. Every name in them "
      "is a\n"
      "reserved one; **the keys are public: trust none of these authorities outside a test.**\n\n"
      "- `ID.pem` is the chain as a client sends it, `ID.key.pem` the private key (PKCS#8), `ID.der` the leaf alone.\n",
      manifest["set"].get<std::string>(), manifest["seed"].get<std::uint64_t>());
  if (withPkcs12)
    text += fmt::format("- `ID.p12` holds key and chain for those who want PKCS#12; the password is `{}`.\n",
                        kPkcs12Password);
  text += "- A relay under test has to trust";
  for (const Json& authority : manifest["authorities"])
    if (authority["trusted"].get<bool>())
      text += fmt::format(" `{}`", authority["files"]["certificate"].get<std::string>());
  text += fmt::format(
      " and nothing else of `ca/`.\n"
      "- `manifest.json` says of each certificate which names it presents, what is wrong with it at {}, and what a "
      "relay\n"
      "  should make of it under each profile.\n\n"
      "To see one by hand:\n\n"
      "    openssl s_client -connect HOST:25 -starttls smtp -cert ID.pem -cert_chain ID.pem -key ID.key.pem\n\n"
      "| id | what it is for | what is wrong |\n| --- | --- | --- |\n",
      kJudgedAtText);
  for (const Json& entry : manifest["certificates"]) {
    std::string wrong;
    for (const Json& fault : entry["wrong"]) {
      wrong += (wrong.empty() ? "" : ", ") + fault["what"].get<std::string>();
      if (fault["error"].is_string()) wrong += fmt::format(" ({})", fault["error"].get<std::string>());
    }
    text += fmt::format("| {} | {} | {} |\n", entry["id"].get<std::string>(), entry["why"].get<std::string>(), wrong);
  }
  return text;
}

}  // namespace

FixtureSet readSet(const Node& root, const Mint& mint) {
  root.allowOnly({"set", "fixtures"});
  FixtureSet set{root.at("set").string(), {}};
  for (const auto& [id, node] : root.at("fixtures").members()) {
    node.allowOnly({"why", "certificate"});
    const Node blueprint = node.at("certificate");
    set.entries.push_back({mint.issue(id, blueprint), node.at("why").string(), blueprint.json()});
  }
  return set;
}

Expected<std::vector<SetFile>> filesOf(const FixtureSet& set, const Mint& mint, bool withPkcs12) {
  std::set<std::string_view> seen;
  for (const SetEntry& entry : set.entries) {
    if (!isFileName(entry.fixture.id))
      return Error({}, entry.fixture.id, "is no id that a file can bear",
                   "use letters, digits, dots, hyphens and underscores");
    if (!seen.insert(entry.fixture.id).second)
      return Error({}, entry.fixture.id, "stands twice in the set", "rename one of them");
  }
  Files files;
  Json certificates = Json::array();
  for (const SetEntry& entry : set.entries) certificates.push_back(entryOf(entry, mint, withPkcs12, files));
  Json manifest;
  manifest["schema"] = "relayproof.fixtures/1";
  manifest["set"] = set.name;
  manifest["seed"] = mint.seed();
  manifest["judgedAt"] = kJudgedAtText;
  manifest["authorities"] = authoritiesOf(mint, files);
  manifest["certificates"] = std::move(certificates);
  files.add("README.md", readme(manifest, withPkcs12));
  files.add("manifest.json", manifest.dump(1) + "\n");
  return std::move(files.all);
}

}  // namespace relayproof::certs
