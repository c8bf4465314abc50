// What most subcommands begin with: the corpus, a mint, a selection, and the set-up under the command line's options.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "certs/domain_map.h"
#include "certs/mint.h"
#include "certs/own_root.h"
#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/guise.h"
#include "conformance/run/setup.h"
#include "conformance/session/crl_responder.h"
#include "conformance/session/sink.h"
#include "conformance/verdict/profile.h"
#include "runners/relayproof/command.h"

namespace relayproof {

/// The value, or the Error thrown: main.cpp prints it and exits with 2.
template <class T>
T orThrow(Expected<T> value) {
  if (!value) throw value.error();
  return std::move(*value);
}

/// RELAYPROOF_CORPUS in the environment, else what was installed with the program, else where it was built.
std::string corpusFolder();
/// Corpus and private cases (--cases).
catalogue::Catalogue loadCatalogue(const Arguments& arguments);
/// `domains` are mapped in the names of its authorities.
certs::Mint makeMint(const certs::MintOptions& options, const certs::DomainMap& domains = {});
certs::Mint makeMint(std::uint64_t seed);
/// With the domains and the issuer of a set-up.
certs::Mint mintOf(const run::Setup& setup, std::uint64_t seed);
/// CERT,KEY of --issuer. Throws Error.
run::IssuerFiles issuerFiles(const std::string& text);
certs::OwnRoot readIssuer(const run::IssuerFiles& files);
/// Throws Error where a client's certificate below the issuer does not verify.
void checkIssuer(const certs::Mint& mint);
std::vector<verdict::Profile> shippedProfiles();

/// Lays NAME=VALUE of a repeatable option over an object. Throws Error for another form and for a name said twice.
void layPairs(const Arguments& arguments, const std::string& option, std::string_view form, Json& object);
/// --setup with every set-up option laid over it.
run::Setup setupFrom(const Arguments& arguments);
/// What it has for cases in other guises.
catalogue::Means meansOf(const run::Setup& setup);
/// --filter, --exclude, --tier under a set-up.
std::vector<const catalogue::Case*> selectFrom(const Arguments& arguments, const catalogue::Catalogue& catalogue,
                                               const run::Setup& setup);
/// What a set-up leaves of a selection, and what it is asked of.
struct Workload {
  catalogue::Catalogue catalogue;
  std::vector<const catalogue::Case*> selected, controls;  ///< into `catalogue`
  std::vector<catalogue::Dropped> dropped;                 ///< what it cannot carry
};
Workload workloadOf(catalogue::Catalogue catalogue, const std::vector<const catalogue::Case*>& selected,
                    const certs::Mint& mint, const run::Setup& setup);
/// The plan of all its cases, twins included.
Json planOf(const Workload& workload, const certs::Mint& mint, const run::Setup& setup);
/// The tenancy of the whole catalogue, for a relay or an oracle by itself.
Json wholePlan(const catalogue::Catalogue& catalogue);

/// A sink that listens there; null where `listen` is empty. Throws Error with the set-up's key.
std::unique_ptr<session::Sink> openSink(const std::string& listen, const std::string& key);

/// Serves lists of revoked certificates; null where the set-up names no place. Throws Error.
std::unique_ptr<session::CrlResponder> openResponder(const run::Setup& setup);
/// What it has to serve to a catalogue's cases.
std::map<std::string, session::CrlPage> crlPages(const catalogue::Catalogue& catalogue, const certs::Mint& mint);

std::vector<OptionInfo> selectionOptions();
std::vector<OptionInfo> setupOptions();
std::vector<OptionInfo> joined(std::initializer_list<std::vector<OptionInfo>> groups);

/// What the user said of these options, as it is typed.
std::string said(const Arguments& arguments, const std::vector<OptionInfo>& options);
/// The same of what `relayproof certs` has to be told to mint the same.
std::string asMinted(const Arguments& arguments);

/// Seconds since the epoch; the one place where the programs read the clock.
double now();

/// --format of a list: text or json. Throws Error for another one.
std::string formatOf(const Arguments& arguments);
std::string rfc3339(double secondsSinceEpoch);

/// Writes a whole file or throws Error; "-" is standard output.
void writeFile(const std::string& path, const std::string& content);
void writeFile(const std::string& path, const std::function<void(std::ostream&)>& write);

}  // namespace relayproof
