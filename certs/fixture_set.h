// A set of fixtures as other projects take it: files, a manifest (relayproof.fixtures/1) and a README.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "certs/document.h"
#include "certs/domain_map.h"
#include "certs/identifiers.h"
#include "certs/mint.h"
#include "certs/verify.h"

namespace relayproof::certs {

/// A fixture that is still to be minted.
struct SetEntry {
  std::string id;
  std::string why;                   ///< what it is for, a sentence
  std::vector<std::string> sources;  ///< ids of corpus/sources.json
  Json blueprint;                    ///< as it was written, or as a cross made it
  std::string place;                 ///< the file and the key that an Error in the blueprint names
  std::string key;
  Json verdicts;               ///< by profile, where they are known beforehand; null: the judge's
  Json notes = Json::array();  ///< [{"parser": …, "note": …}]: where a foreign parser does not read what it presents
  std::string twin{};          ///< the fixture that is this one less its deviation; "": there is none
  /// What libraries make of the chain, as a TLS server's would: {"openssl": ANSWER, "gnutls": ANSWER}, and under
  /// "withCrls" the same where they have the CRLs of the set. An ANSWER is "accepted", the library's words, or an array
  /// of what its versions say. Null: nobody has said.
  Json verify{};
  std::string open{};  ///< why it is open whether the chain verifies; "": it is not
};

/// A fixture that a map of domains, or an issuer of the user's own, takes its point from.
struct DroppedEntry {
  std::string id;
  std::string why;
};

struct FixtureSet {
  std::string name;   ///< "core"
  std::string about;  ///< a paragraph for the README
  Json tenancy;       ///< what the judge judges against; null: nobody judges
  Json authorities;   ///< further ones, by name; null: none
  Json crls;          ///< CRL blueprints by authority; null: none
  std::string place;  ///< its file
  std::vector<SetEntry> entries;
  DomainMap domains{};
  std::vector<DroppedEntry> dropped{};

  /// Adds it with its domains mapped, or to `dropped`.
  void add(SetEntry entry);
};

/// Reads corpus/blueprints/NAME.json: {"set": NAME, "about": …, "tenancy": …, "authorities": {NAME: BLUEPRINT}, "crls":
/// {AUTHORITY: CRL} (certs/crl.h), "fixtures": {ID: {"why": …, "sources": […], "certificate": BLUEPRINT, "twin": ID,
/// "verify": …, "open": REASON}}, "crosses": [CROSS, …] (certs/cross.h), "twin": ID, "verify": [{"fixtures": [GLOB, …],
/// "openssl": …, "gnutls": …}, …]}. The last two hold for fixtures that say nothing themselves: a twin for those that a
/// library refuses, and the first entry of `verify` that fits. A library of which nothing is said accepts. Nothing is
/// minted, so that a mistake in a blueprint shows later. Throws Error like every reader of Node.
FixtureSet readSet(const Node& root);
/// The same with its domains mapped, lengths made up for, and what the map breaks dropped by name.
FixtureSet readMappedSet(const Node& root, const DomainMap& domains);
/// Adds what corpus/parsers.json knows of a set's fixtures: {SET: [{"parsers": […], "parts": […], "ids": [GLOB, …],
/// "note": …, "from": VERSION, "until": VERSION}, …]}. runners/check-parsers holds every row against the parsers.
void addNotes(const Node& root, FixtureSet& set);
/// The set's own authorities join those of the mint. Throws Error.
void addAuthorities(const FixtureSet& set, Mint& mint);
/// An id that is no file name, or that stands twice.
std::optional<Error> faultOfIds(const FixtureSet& set);

/// Drops what `mint`, under an issuer of the user's own, makes into something else than `ours` does: what is about the
/// root where there is none, and what verifies otherwise or for other purposes.
void dropUnderAnotherIssuer(FixtureSet& set, const Mint& mint, const Mint& ours);

/// A certificate as minted, and what reading and verifying it has shown.
struct Minted {
  Fixture fixture;
  std::optional<SubjectIdentifiers> identifiers;  ///< nullopt: the octets are no DER
  ChainFacts facts;
  bool open = false;  ///< a relay that answers otherwise than `facts.verified` is right too
};

/// By profile, the verdicts that are right for a certificate. Called by several threads at once.
using Judge = std::function<Json(const Minted&)>;

struct SetFile {
  std::string name;  ///< below the set's folder: "ID.pem", "ca/root.pem"
  std::string octets;
  bool secret = false;  ///< a private key: readable by its owner alone
};

/// What one step of the making adds: whole files, and text to the two files that grow with the set.
struct SetPart {
  std::vector<SetFile> files;
  std::string manifest;
  std::string readme;
};

/// Makes a set part by part, so that a set of any size takes no more memory than its largest fixture: ID.pem (the chain
/// as sent), ID.der (the leaf), ID.key.pem (PKCS#8), ID.p12 if `withPkcs12`, ca/NAME.pem, ca/NAME.key.pem and
/// ca/NAME.crl (DER) where the set has one, manifest.json, README.md. The same set and mint give the same octets. For
/// one thread; several makers may be at work on one set.
class SetMaker {
 public:
  SetMaker(const FixtureSet& set, const Mint& mint, bool withPkcs12, Judge judge);

  /// The authorities, and how manifest and README begin.
  SetPart head() const;
  /// The fixture of an entry by its number; throws Error for a mistake in its blueprint.
  SetPart fixture(std::size_t number);
  /// How the manifest ends.
  SetPart tail() const;

 private:
  const FixtureSet& set_;
  const Mint& mint_;
  bool withPkcs12_;
  Judge judge_;
  std::vector<std::string> anchors_;
  ChainVerifier verifier_;
};

/// Mints, reads and verifies one entry. Throws Error.
Minted mintEntry(const SetEntry& entry, const Mint& mint, ChainVerifier& verifier);

}  // namespace relayproof::certs
