// The catalogue: every case, the tenancy and the addresses that they assume, the sources that demand them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "certs/domain_map.h"
#include "certs/mint.h"
#include "certs/verify.h"
#include "conformance/catalogue/case.h"
#include "conformance/verdict/profile.h"
#include "conformance/verdict/tenancy.h"

namespace relayproof::catalogue {

/// A sentence of a public document that asks something of a relay (corpus/sources.json).
struct Source {
  std::string id, document, section, url, kind, says;
  bool should = false;             ///< the source asks for it without demanding it
  std::vector<std::string> rules;  ///< "3a", "3b", …
  /// Of one that no case names: "implicit" (every run shows it), "untestable" (nobody outside can see it) or
  /// "out-of-scope", and why. Empty where cases name it.
  std::string status, because;
};

/// A file of cases that share a tenancy, addresses and defaults.
struct Family {
  std::string name, title, file;
  std::vector<std::string> tenants;    ///< ids
  std::vector<std::string> addresses;  ///< names
};

/// A list of revoked certificates that is served to the relay.
struct ListPlan {
  std::string by;      ///< the authority that signs it; empty: `octets` stand in its place
  Json list;           ///< certs/crl.h
  std::string octets;  ///< what is no list
  std::string served;  ///< "whole", "cut" (in the middle), "endlessly" (an octet now and then), "never"
  std::string place;   ///< the file
};

struct Catalogue {
  std::vector<verdict::Profile> profiles;  ///< the shipped ones, exo-2017 first
  std::map<std::string, Source> sources;
  std::vector<Family> families;
  std::vector<Case> cases;  ///< in the order of files and entries
  Json tenancy;             ///< {"tenants":[…]} of all families, {names} of addresses open; an id alone: not there yet
  Json tenantsThen;         ///< those of them that are others after a reload, as they are then; an id alone: not there
  std::map<std::string, std::string> addresses;  ///< default IPv4 by name; "stranger" among them
  std::map<std::string, ListPlan> lists;         ///< by name: that of NAME.crl
  std::string digest;                            ///< "sha256:…" over the files read

  const Case* find(std::string_view id) const;
  const Family* family(std::string_view name) const;
  /// A tenant of `tenancy`; nullptr when there is none of that id.
  const Json* tenant(std::string_view id) const;
  /// The twin of a case under a profile; a user's own profile takes the twin of the default one, or else any.
  /// nullptr where there is none.
  const Case* twinOf(const Case& one, std::string_view profile) const;
};

/// Loads and checks a corpus folder; `more` holds further folders of private cases (FAMILY.json files directly inside).
/// What it refuses: every fault of form, a case id or tenant or address that stands twice, an unknown tenant, address,
/// certificate or twin, a profile without an answer, a denial without a twin.
Expected<Catalogue> load(const std::string& corpus, const std::vector<std::string>& more = {});

/// What the labels of cases stand for in one set-up.
struct Bindings {
  std::map<std::string, std::string> addresses;   ///< NAME → IPv4
  std::map<std::string, std::string> recipients;  ///< label → address, over the defaults
  std::map<std::string, std::string> senders;
  std::string ehlo = "{token}.client.example";
  std::string date;  ///< value of the Date header (RFC 5322 3.3); empty: the header is left out
};

/// The address that a label or literal stands for, the token filled in; "" for the null path.
std::string address(const Catalogue& catalogue, const Bindings& bindings, const std::string& label, bool asSender,
                    const std::string& token);
/// The IPv4 address that a name stands for.
std::string clientAddress(const Catalogue& catalogue, const Bindings& bindings, const std::string& name);

struct Selection {
  std::vector<std::string> filters, excludes;  ///< globs on ids and `tag:NAME`; no filter selects all
  std::vector<std::string> tiers;              ///< empty: all
  std::vector<std::string> without;            ///< capabilities declared away, by the names of the set-up
  std::string profile = "exo-2017";
};
/// Cases selected, in catalogue order; controls are left out (a run adds them itself). Error: an unknown `without` or
/// tier.
Expected<std::vector<const Case*>> select(const Catalogue& catalogue, const Selection& selection);

/// "must": every shipped profile asks for the same on the wire, acceptance or its absence, of the twin too; "should":
/// the first source asks without demanding; "profile": it hangs on options. Read off the answers that stand in the
/// case.
std::string tierOf(const Catalogue& catalogue, const Case& one);

/// Whom a relay may take a client for: the peer of the handshake in which the case presents its certificate, and of the
/// one before it.
struct Peers {
  verdict::Peer own;
  std::optional<verdict::Peer> earlier;
  std::optional<verdict::Peer> earlierAnew;  ///< the one before, where what is found of it may have changed since
  std::optional<verdict::Peer> beside = {};  ///< of the session beside
};

/// Everything computed about a case under one profile.
struct Judged {
  std::string tier;
  std::vector<std::string> hangsOn;                          ///< options whose values the shipped profiles disagree on
  std::vector<std::string> rules;                            ///< that its sources name
  std::vector<std::vector<verdict::Acceptable>> acceptable;  ///< by the core, per transaction and recipient
  /// Of a case that offers to resume a session, what of this is left once it was resumed or was not.
  std::vector<std::vector<verdict::Acceptable>> acceptableResumed, acceptableAnew;
  const std::vector<std::vector<verdict::Acceptable>>& acceptableOnce(bool resumed) const {
    const auto& known = resumed ? acceptableResumed : acceptableAnew;
    return known.empty() ? acceptable : known;
  }
};
Judged compute(const Catalogue& catalogue, const Case& one, const Peers& peers, const verdict::Tenancy& tenancy,
               const Bindings& bindings, const verdict::Profile& profile);

/// The certificate that a case presents; nullopt without one. Throws Error when its blueprint cannot be minted.
std::optional<certs::Fixture> fixtureOf(const Case& one, const certs::Mint& mint);
/// The same of a session that begins at `at`, seconds since the epoch: where the case counts its certificates' validity
/// from there.
std::optional<certs::Fixture> fixtureOf(const Case& one, const certs::Mint& mint, std::int64_t at);
/// That of the handshake before, which the case has.
std::optional<certs::Fixture> earlierFixtureOf(const Case& one, const certs::Mint& mint, std::int64_t at);
/// That of the session beside, which the case has.
std::optional<certs::Fixture> besideFixtureOf(const Case& one, const certs::Mint& mint, std::int64_t at);
/// The peers that a case is: its address, and what is found of its certificate (the fixture of the case) and of the one
/// before at a time in seconds since the epoch; where their lifetime is limited, `own` is after it.
Peers peersOf(const Case& one, const std::optional<certs::Fixture>& fixture, const Catalogue& catalogue,
              const certs::Mint& mint, certs::ChainVerifier& verifier, const Bindings& bindings, std::int64_t at);

/// Where TLS begins with the connection a case that goes by STARTTLS, or does something in the clear, cannot be played.
bool needsStartTls(const Case& one);
/// Its steps or what is hidden in its message go beyond RCPT, or take it for granted that a message went, whatever the
/// run says of that.
bool sendsContent(const Case& one);

/// The cases that name a source, in catalogue order.
std::vector<const Case*> casesOf(const Catalogue& catalogue, const std::string& source);

/// The steps to play: the case's own, or the plain dialogue; labels and tokens filled in.
std::vector<wire::Step> stepsOf(const Case& one, const Catalogue& catalogue, const Bindings& bindings,
                                const std::string& token);
/// One for each transaction of the case, smuggled ones too, so that numbers in steps are indices.
std::vector<wire::Transaction> transactionsOf(const Case& one, const Catalogue& catalogue, const Bindings& bindings,
                                              const std::string& token);

/// The static tenancy that the cases (and the twins they need) assume, as `relayproof.plan/1`.
Json plan(const Catalogue& catalogue, const std::vector<const Case*>& cases, const certs::Mint& mint,
          const Bindings& bindings, const std::string& profile);
/// A plan as it is after a reload.
Json planThen(const Catalogue& catalogue, Json plan, const Bindings& bindings);
/// The plan as a sheet: "markdown" or "csv".
std::string planSheet(const Json& plan, const std::string& format);

/// The id of the tenant of a gateway that knows only one.
inline constexpr std::string_view kOnlyTenant = "relayproof";

struct Dropped {
  std::string id, why;  ///< of a case; why: a clause without a period
};

/// What cases are computed in.
struct World {
  const Catalogue& catalogue;
  const certs::Mint& mint;
  const Bindings& bindings;
};

/// A catalogue for another tenancy than its own, and what that costs.
struct Recast {
  Catalogue catalogue;  ///< the cases that stand, their twins, and the tenancy that they ask for
  std::vector<Dropped> dropped;
};
/// Recomputes what the cases (and the twins they need) are answered under `profile` at a time in seconds since the
/// epoch when their tenants are one: all of the cases' families merged. A case whose verdict changes is dropped, and so
/// is one that loses its twin.
Recast inOneTenant(const Catalogue& catalogue, const std::vector<const Case*>& cases, const certs::Mint& mint,
                   const Bindings& bindings, const verdict::Profile& profile, std::int64_t at);

/// A domain of the map that no case knows, or a new one that they know already; nullopt: there is none.
std::optional<Error> unknownDomain(const Catalogue& catalogue, const certs::DomainMap& domains);
/// What labels stand for when domains are mapped, where a set-up does not say so itself.
Bindings inDomains(Bindings bindings, const certs::DomainMap& domains);
/// The cases (and the twins they need) with domains of the operator's own, and of a mint with its authorities' names
/// mapped that may be under an issuer of his. Lengths are made up for; a case that thereby loses its point, or whose
/// verdict changes, is dropped.
Recast ofOperator(const World& before, const certs::DomainMap& domains, const certs::Mint& mint,
                  const std::vector<const Case*>& cases, const verdict::Profile& profile, std::int64_t at);

/// Every fault of the corpus that a loader cannot see, a line each; empty when in order. See lint.cpp for what is
/// checked.
std::vector<std::string> lint(const Catalogue& catalogue, const certs::Mint& mint, std::int64_t at);
/// Sources that no case names and that do not say why, or that say why although a case names them; a line each.
std::vector<std::string> lintSources(const Catalogue& catalogue);

}  // namespace relayproof::catalogue
