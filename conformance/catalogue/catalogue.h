// The catalogue: every case, the tenancy and the addresses that they assume, the sources that demand them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "certs/mint.h"
#include "conformance/catalogue/case.h"
#include "conformance/verdict/profile.h"
#include "conformance/verdict/tenancy.h"

namespace relayproof::catalogue {

/// A sentence of a public document that asks something of a relay (corpus/sources.json).
struct Source {
  std::string id, document, section, url, kind, says;
  bool should = false;             ///< the source asks for it without demanding it
  std::vector<std::string> rules;  ///< "3a", "3b", …
};

struct Catalogue {
  std::vector<verdict::Profile> profiles;  ///< the shipped ones, exo-2017 first
  std::map<std::string, Source> sources;
  std::vector<Case> cases;  ///< in the order of files and entries
  Json tenancy;             ///< {"tenants":[…]} of all families, {names} of addresses not yet filled in
  std::map<std::string, std::string> addresses;  ///< default IPv4 by name; "stranger" among them
  std::string digest;                            ///< "sha256:…" over the files read
  const Case* find(std::string_view id) const;
};

/// Loads and checks a corpus folder; `more` holds further folders of private cases.
Expected<Catalogue> load(const std::string& corpus, const std::vector<std::string>& more = {});

/// What the labels of cases stand for in one set-up.
struct Bindings {
  std::map<std::string, std::string> addresses;   ///< NAME → IPv4
  std::map<std::string, std::string> recipients;  ///< label → address, over the defaults
  std::map<std::string, std::string> senders;
  std::string ehlo = "{token}.client.example";
};

/// The address that a label or literal stands for, the token filled in; "" for the null path.
std::string address(const Catalogue& catalogue, const Bindings& bindings, const std::string& label, bool asSender,
                    const std::string& token);

struct Selection {
  std::vector<std::string> filters, excludes;  ///< globs on ids and `tag:NAME`; no filter selects all
  std::vector<std::string> tiers;              ///< empty: all
  std::vector<std::string> without;            ///< capabilities declared away, by the names of the set-up
  std::string profile = "exo-2017";
};
/// Cases selected, in catalogue order; controls are left out (a run adds them itself). Error: an unknown `without`.
Expected<std::vector<const Case*>> select(const Catalogue& catalogue, const Selection& selection);

/// Everything computed about a case under one profile.
struct Judged {
  std::string tier;  ///< "must", "should", "profile"
  std::vector<std::string> hangsOn;
  std::vector<std::string> rules;
  std::vector<std::vector<verdict::Acceptable>> acceptable;  ///< by the core, per transaction and recipient
};
Judged compute(const Catalogue& catalogue, const Case& one, const certs::Mint& mint, const verdict::Tenancy& tenancy,
               const Bindings& bindings, const verdict::Profile& profile, std::int64_t at);

/// The peer that a case presents: its address and certificate facts at a time.
verdict::Peer peerOf(const Case& one, const certs::Mint& mint, const verdict::Tenancy& tenancy,
                     const Bindings& bindings, std::int64_t at);

/// The steps to play: the case's own, or the plain dialogue; labels and tokens filled in.
std::vector<wire::Step> stepsOf(const Case& one, const Catalogue& catalogue, const Bindings& bindings,
                                const std::string& token);
std::vector<wire::Transaction> transactionsOf(const Case& one, const Catalogue& catalogue, const Bindings& bindings,
                                              const std::string& token);

/// The static tenancy that the cases (and the controls and twins they need) assume, as `relayproof.plan/1`.
Json plan(const Catalogue& catalogue, const std::vector<const Case*>& cases, const certs::Mint& mint,
          const Bindings& bindings, const std::string& profile);
/// The plan as a sheet: "markdown" or "csv".
std::string planSheet(const Json& plan, const std::string& format);

/// Every fault of the corpus that a loader cannot see; empty when in order. See lint.cpp for what is checked.
std::vector<std::string> lint(const Catalogue& catalogue, const certs::Mint& mint, std::int64_t at);

}  // namespace relayproof::catalogue
