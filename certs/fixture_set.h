// A set of fixtures as other projects take it: files, a manifest (relayproof.fixtures/1) and a README.
#pragma once

#include <string>
#include <vector>

#include "certs/document.h"
#include "certs/mint.h"

namespace relayproof::certs {

struct SetEntry {
  Fixture fixture;
  std::string why;                 ///< what it is for, a sentence
  Json blueprint;                  ///< as it was written
  Json verdicts = Json::object();  ///< by profile, as whoever knows the verdicts writes them
};

struct FixtureSet {
  std::string name;  ///< "core"
  std::vector<SetEntry> entries;
};

/// Mints corpus/blueprints/NAME.json: {"set": NAME, "fixtures": {ID: {"why": …, "certificate": BLUEPRINT}}}. The
/// verdicts are left for the caller. Throws Error like every reader of Node.
FixtureSet readSet(const Node& root, const Mint& mint);

struct SetFile {
  std::string name;  ///< below the set's folder: "ID.pem", "ca/root.pem"
  std::string octets;
  bool secret = false;  ///< a private key: readable by its owner alone
};

/// Every file of the set: ID.pem (the chain as sent), ID.der (the leaf), ID.key.pem (PKCS#8), ID.p12 if `withPkcs12`,
/// ca/NAME.pem and ca/NAME.key.pem, manifest.json, README.md. The same set and mint give the same octets. An Error for
/// an id that is no file name or stands twice.
Expected<std::vector<SetFile>> filesOf(const FixtureSet& set, const Mint& mint, bool withPkcs12);

}  // namespace relayproof::certs
