#include "certs/fixture_set.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "certs/answers.h"
#include "certs/cross.h"
#include "certs/digest.h"
#include "certs/glob.h"
#include "certs/pkcs12.h"
#include "certs/string_type.h"

namespace relayproof::certs {
namespace {

// Of a certificate with a megabyte of names the manifest lists so many.
constexpr std::size_t kMostListed = 1000;

// How a certificate is presented; runners/check-uses tries every example.
constexpr std::string_view kUses = R"(## Presenting one

`HOST` is the relay, `SERVER-CA.pem` the authority of its own certificate, `ID` a fixture. A library that refuses a
fixture when it loads it never sends it: `notes` in the manifest says what is known of that.

OpenSSL, which shows the relay's certificate but does not insist on it:

    openssl s_client -connect HOST:25 -starttls smtp -cert ID.pem -cert_chain ID.pem -key ID.key.pem

GnuTLS:

    gnutls-cli --starttls-proto=smtp --x509cafile=SERVER-CA.pem --x509certfile=ID.pem --x509keyfile=ID.key.pem -p 25 HOST

Python:

    import smtplib, ssl
    context = ssl.create_default_context(cafile='SERVER-CA.pem')
    context.load_cert_chain('ID.pem', 'ID.key.pem')
    relay = smtplib.SMTP('HOST', 25)
    relay.starttls(context=context)

Node, over implicit TLS; after STARTTLS give `socket` and `servername` instead of `host` and `port`:

    const { readFileSync } = require('node:fs');
    const [ca, cert, key] = ['SERVER-CA.pem', 'ID.pem', 'ID.key.pem'].map((name) => readFileSync(name));
    const relay = require('node:tls').connect({ host: 'HOST', port: 465, ca, cert, key });
    relay.pipe(process.stdout);

Go, with `SERVER-CA.pem` in the `x509.CertPool` `pool`; `tls.Config.Certificates` would hold back a
certificate whose issuer the relay does not name:

    pair, err := tls.LoadX509KeyPair("ID.pem", "ID.key.pem")
    if err != nil { log.Fatal(err) }
    present := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
    relay, err := smtp.Dial("HOST:25")
    if err != nil { log.Fatal(err) }
    err = relay.StartTLS(&tls.Config{ServerName: "HOST", RootCAs: pool, GetClientCertificate: present})
)";

bool isFileName(std::string_view id) {
  return !id.empty() && id.front() != '.' && id.size() <= 200 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

Json presented(const SubjectIdentifiers& identifiers) {
  Json list = Json::array();
  const auto add = [&](std::string_view kind, const PresentedIdentifier& name) {
    if (list.size() == kMostListed) return;
    const std::string_view type = nameOf(name.type);
    list.push_back({{"kind", kind}, {"type", type.empty() ? Json() : Json(type)}, {"value", escaped(name.octets)}});
  };
  for (const PresentedIdentifier& name : identifiers.commonNames) add("CN", name);
  for (const PresentedIdentifier& name : identifiers.dnsIds) add("DNS-ID", name);
  return list;
}

// What is wrong with a fixture; the error is OpenSSL's where it has one.
Json faults(const Minted& minted) {
  Json list = Json::array();
  const auto add = [&](std::string_view what, Json error) {
    list.push_back({{"what", what}, {"error", std::move(error)}});
  };
  const ChainFacts& facts = minted.facts;
  if (!facts.verified) add("the chain does not verify", facts.error);
  const auto& purposes = facts.extendedKeyUsage;
  if (purposes && std::find(purposes->begin(), purposes->end(), "clientAuth") == purposes->end())
    add("extendedKeyUsage does not allow clientAuth", "unsuitable certificate purpose");
  if (!facts.commonNamesOutsideConstraint.empty())
    add("a common name falls outside a dNSName constraint of the chain", nullptr);
  if (!minted.identifiers) add("the certificate is not encoded in DER", nullptr);
  if (minted.identifiers && minted.identifiers->subjectAltNameMalformed)
    add("subjectAltName is empty, stands twice or cannot be decoded", nullptr);
  if (minted.identifiers && minted.identifiers->uriMalformed) add("a URI holds an octet that none has", nullptr);
  if (!minted.fixture.ownKey) add("the private key is not the certificate's own", nullptr);
  return list;
}

// The instant for which a manifest says whether a chain verifies.
std::string judgedAtText(const Mint& mint) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(mint.judgedAt())));
}

// Adds a file, and to `sums` what the manifest says of it.
void addFile(SetPart& part, Json& sums, const std::string& name, std::string octets, bool secret) {
  sums[name] = hex(digest(Hash::sha256, {octets}));
  part.files.push_back({name, std::move(octets), secret});
}

Json authoritiesOf(const FixtureSet& set, const Mint& mint, const std::vector<std::string>& anchors, SetPart& part) {
  Json list = Json::array();
  for (const auto& [name, certificate] : mint.authorities()) {
    const std::string file = fmt::format("ca/{}.pem", name);
    Json sums = Json::object();
    addFile(part, sums, file, pem("CERTIFICATE", certificate), false);
    Json files{{"certificate", file}};
    if (const auto key = mint.authorityKey(name)) {
      files["key"] = fmt::format("ca/{}.key.pem", name);
      addFile(part, sums, files["key"], pem("PRIVATE KEY", *key), true);
    }
    if (const auto crl = set.crls.find(name); crl != set.crls.end()) {
      files["crl"] = fmt::format("ca/{}.crl", name);
      addFile(part, sums, files["crl"], mint.crl(name, Node(*crl, set.place, "crls." + name)), false);
    }
    list.push_back({{"name", name},
                    {"trusted", std::find(anchors.begin(), anchors.end(), certificate) != anchors.end()},
                    {"files", std::move(files)},
                    {"sha256", std::move(sums)}});
  }
  return list;
}

std::string readmeHead(const FixtureSet& set, const Json& manifest, bool withPkcs12) {
  std::string text = fmt::format("# Fixture set {}, seed {}\n\n", set.name, manifest["seed"].get<std::uint64_t>());
  if (!set.about.empty()) text += set.about + "\n\n";
  text += "Client certificates made by relayproof to find out what a mail relay takes for an identity. ";
  if (set.domains.empty())
    text += "Every name in them is a\nreserved one; ";
  else
    text +=
        "Every name in them is a\nreserved one but those of `domainMap` in the manifest; `dropped` there names what "
        "they "
        "leave no\npoint to. ";
  text +=
      "**the keys are public: trust none of these authorities outside a test.**\n\n"
      "- `ID.pem` is the chain as a client sends it, `ID.key.pem` the private key (PKCS#8), `ID.der` the leaf alone.\n";
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
      "  should make of it under each profile.\n",
      manifest["judgedAt"].get<std::string>());
  if (!set.tenancy.is_null())
    text +=
        "  The relay is one with the connectors and accepted domains of `tenancy` there, but where a case of the live\n"
        "  catalogue has its own.\n";
  return text + "\n" + std::string(kUses) +
         "\n## The fixtures\n\n"
         "| id | what it is for | what is wrong |\n| --- | --- | --- |\n";
}

std::string readmeRow(const SetEntry& entry, const Json& faults) {
  std::string wrong;
  for (const Json& fault : faults) {
    wrong += (wrong.empty() ? "" : ", ") + fault["what"].get<std::string>();
    if (fault["error"].is_string()) wrong += fmt::format(" ({})", fault["error"].get<std::string>());
  }
  return fmt::format("| {} | {} | {} |\n", entry.id, entry.why, wrong);
}

// A value as Json::dump(1) writes it `depth` levels down.
std::string dumped(const Json& value, std::size_t depth) {
  std::string text;
  for (const char c : value.dump(1)) {
    text += c;
    if (c == '\n') text.append(depth, ' ');
  }
  return text;
}

// Those, and what has one of them for its twin, or a twin of which that is so.
void drop(FixtureSet& set, std::map<std::string, std::string> why) {
  for (bool more = true; more;) {
    more = false;
    for (const SetEntry& entry : set.entries)
      if (why.contains(entry.twin))
        more |= why.emplace(entry.id, fmt::format("its twin {} is dropped", entry.twin)).second;
  }
  for (const SetEntry& entry : set.entries)
    if (const auto found = why.find(entry.id); found != why.end()) set.dropped.push_back({entry.id, found->second});
  std::erase_if(set.entries, [&](const SetEntry& entry) { return why.contains(entry.id); });
}

}  // namespace

FixtureSet readSet(const Node& root) {
  root.allowOnly({"set", "about", "tenancy", "authorities", "crls", "fixtures", "crosses", "twin", "verify"});
  FixtureSet set{root.at("set").string(), root.stringOr("about", ""), {}, {}, {}, root.place(), {}};
  if (const auto tenancy = root.find("tenancy")) set.tenancy = tenancy->json();
  if (const auto authorities = root.find("authorities")) set.authorities = authorities->json();
  if (const auto crls = root.find("crls")) set.crls = crls->json();
  if (const auto fixtures = root.find("fixtures"))
    for (const auto& [id, node] : fixtures->members()) {
      node.allowOnly({"why", "sources", "certificate", "twin", "verify", "open"});
      const Node blueprint = node.at("certificate");
      set.entries.push_back({id,
                             node.at("why").string(),
                             node.stringsOr("sources", {}),
                             blueprint.json(),
                             blueprint.place(),
                             blueprint.key(),
                             {}});
    }
  if (const auto crosses = root.find("crosses"))
    for (const Node& cross : crosses->array()) expandCross(cross, set.entries);
  readAnswers(root, set.entries);
  return set;
}

FixtureSet readMappedSet(const Node& root, const DomainMap& domains) {
  FixtureSet before = readSet(root);
  if (domains.empty()) return before;
  const Json document = domains.applied(root.json());
  FixtureSet set = readSet(Node(document, root.place(), root.key()));
  std::map<std::string, std::string> why;
  for (std::size_t i = 0; i < set.entries.size(); ++i)
    if (auto broken = domains.broken(before.entries[i].blueprint, set.entries[i].blueprint))
      why.emplace(set.entries[i].id, std::move(*broken));
  drop(set, std::move(why));
  set.domains = domains;
  return set;
}

void FixtureSet::add(SetEntry entry) {
  Json blueprint = domains.applied(entry.blueprint);
  if (auto broken = domains.broken(entry.blueprint, blueprint)) {
    dropped.push_back({std::move(entry.id), std::move(*broken)});
    return;
  }
  entry.blueprint = std::move(blueprint);
  entry.why = domains.applied(entry.why).get<std::string>();
  entries.push_back(std::move(entry));
}

void addNotes(const Node& root, FixtureSet& set) {
  const auto rows = root.find(set.name);
  if (!rows) return;
  for (const Node& row : rows->array()) {
    row.allowOnly({"parsers", "parts", "ids", "note", "from", "until"});
    const std::vector<std::string> globs = row.at("ids").strings();
    for (SetEntry& entry : set.entries)
      if (std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return globMatches(glob, entry.id); }))
        for (const std::string& parser : row.at("parsers").strings())
          entry.notes.push_back({{"parser", parser}, {"note", row.at("note").string()}});
  }
}

void addAuthorities(const FixtureSet& set, Mint& mint) {
  if (!set.authorities.is_null()) mint.add(Node(set.authorities, set.place, "authorities"));
}

std::optional<Error> faultOfIds(const FixtureSet& set) {
  std::set<std::string_view> seen;
  for (const SetEntry& entry : set.entries) {
    if (!isFileName(entry.id))
      return Error(entry.place, entry.id, "is no id that a file can bear",
                   "use letters, digits, dots, hyphens and underscores");
    if (!seen.insert(entry.id).second)
      return Error(entry.place, entry.id, "stands twice in the set", "rename one of them");
  }
  return std::nullopt;
}

Minted mintEntry(const SetEntry& entry, const Mint& mint, ChainVerifier& verifier) {
  Minted minted{mint.issue(entry.id, Node(entry.blueprint, entry.place, entry.key)), {}, {}};
  if (auto identifiers = subjectIdentifiers(minted.fixture.leaf)) minted.identifiers = std::move(*identifiers);
  minted.facts = verifier.verify(minted.fixture.chain, mint.judgedAt());
  minted.open = !entry.open.empty();
  return minted;
}

void dropUnderAnotherIssuer(FixtureSet& set, const Mint& mint, const Mint& ours) {
  ChainVerifier verifier(mint.trustAnchors()), usual(ours.trustAnchors());
  std::map<std::string, std::string> why;
  for (const SetEntry& entry : set.entries) {
    if (mint.isAboutMissingRoot(entry.blueprint)) {
      why.emplace(entry.id, "it is about the root, and the issuer given is below one");
      continue;
    }
    const ChainFacts now = mintEntry(entry, mint, verifier).facts, before = mintEntry(entry, ours, usual).facts;
    if (now.verified != before.verified)
      why.emplace(entry.id, now.verified ? "under the issuer given it verifies, and ought not to"
                                         : "under the issuer given it does not verify: " + now.error);
    else if (now.extendedKeyUsage != before.extendedKeyUsage ||
             now.commonNamesOutsideConstraint != before.commonNamesOutsideConstraint)
      why.emplace(entry.id, "the issuer given allows other purposes or names");
  }
  drop(set, std::move(why));
}

SetMaker::SetMaker(const FixtureSet& set, const Mint& mint, bool withPkcs12, Judge judge)
    : set_(set),
      mint_(mint),
      withPkcs12_(withPkcs12),
      judge_(std::move(judge)),
      anchors_(mint.trustAnchors()),
      verifier_(anchors_) {}

SetPart SetMaker::head() const {
  SetPart part;
  Json manifest;
  manifest["schema"] = "relayproof.fixtures/1";
  manifest["set"] = set_.name;
  manifest["seed"] = mint_.seed();
  manifest["judgedAt"] = judgedAtText(mint_);
  if (!set_.domains.empty()) manifest["domainMap"] = set_.domains.json();
  if (!set_.dropped.empty()) {
    manifest["dropped"] = Json::array();
    for (const DroppedEntry& dropped : set_.dropped)
      manifest["dropped"].push_back({{"id", dropped.id}, {"why", dropped.why}});
  }
  if (!set_.tenancy.is_null()) manifest["tenancy"] = set_.tenancy;
  manifest["authorities"] = authoritiesOf(set_, mint_, anchors_, part);
  part.manifest = manifest.dump(1);
  part.manifest.erase(part.manifest.size() - 2);  // the object goes on
  part.manifest += ",\n \"certificates\": [";
  part.readme = readmeHead(set_, manifest, withPkcs12_);
  return part;
}

SetPart SetMaker::fixture(std::size_t number) {
  const SetEntry& entry = set_.entries[number];
  const Minted minted = mintEntry(entry, mint_, verifier_);
  const Fixture& fixture = minted.fixture;

  SetPart part;
  Json names = Json::object();
  Json sums = Json::object();
  const auto add = [&](const char* role, const char* suffix, std::string octets, bool secret) {
    names[role] = entry.id + suffix;
    addFile(part, sums, entry.id + suffix, std::move(octets), secret);
  };
  std::string chain;
  for (const std::string& certificate : fixture.chain) chain += pem("CERTIFICATE", certificate);
  add("chain", ".pem", std::move(chain), false);
  add("leaf", ".der", fixture.leaf, false);
  add("key", ".key.pem", pem("PRIVATE KEY", fixture.key), true);
  if (withPkcs12_)
    if (auto bundle = pkcs12(fixture)) add("pkcs12", ".p12", std::move(*bundle), true);

  const SubjectIdentifiers identifiers = minted.identifiers.value_or(SubjectIdentifiers());
  Json said;
  said["id"] = entry.id;
  said["why"] = entry.why;
  said["sources"] = entry.sources;
  said["files"] = std::move(names);
  said["presented"] = presented(identifiers);
  if (const std::size_t count = identifiers.commonNames.size() + identifiers.dnsIds.size(); count > kMostListed)
    said["presentedLeftOut"] = count - kMostListed;
  said["otherSubjectIdentifiers"] = identifiers.otherSubjectIdentifiers;
  said["wrong"] = faults(minted);
  said["verdicts"] = !entry.verdicts.is_null() ? entry.verdicts : judge_ ? judge_(minted) : Json::object();
  if (!entry.notes.empty()) said["notes"] = entry.notes;
  if (!entry.twin.empty()) said["twin"] = entry.twin;
  if (!entry.verify.is_null()) said["verify"] = entry.verify;
  if (!entry.open.empty()) said["open"] = entry.open;
  said["blueprint"] = entry.blueprint;
  said["sha256"] = std::move(sums);
  part.manifest = fmt::format("{}\n  {}", number == 0 ? "" : ",", dumped(said, 2));
  part.readme = readmeRow(entry, said["wrong"]);
  return part;
}

SetPart SetMaker::tail() const { return {{}, "\n ]\n}\n", {}}; }

}  // namespace relayproof::certs
