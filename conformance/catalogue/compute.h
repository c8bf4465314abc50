// What the matching core answers for a case: the parts of compute() that explanations and the lint use one by one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/catalogue/catalogue.h"
#include "conformance/verdict/ways.h"

namespace relayproof::catalogue {

using AcceptableAnswers = std::vector<std::vector<verdict::Acceptable>>;  ///< per transaction and recipient

/// The core's answers to a case's envelopes from those peers. A smuggled transaction is denied, whoever the peer is. A
/// relay may refuse to renegotiate or to resume; whom it takes a client for that resumes a session is option
/// resumption.
AcceptableAnswers acceptableFor(const Catalogue& catalogue, const Case& one, const Peers& peers,
                                const verdict::Tenancy& tenancy, const Bindings& bindings,
                                const verdict::Profile& profile);

/// The tenancy in which a case is played: the one given, or what it is after a reload.
verdict::Tenancy tenancyOf(const Catalogue& catalogue, const Case& one, const Bindings& bindings,
                           const verdict::Tenancy& tenancy);

/// The ways by which the profile may answer, per transaction and recipient; none for a smuggled transaction.
using WaysOf = std::vector<std::vector<std::vector<verdict::Way>>>;
WaysOf waysFor(const Catalogue& catalogue, const Case& one, const verdict::Peer& peer, const verdict::Tenancy& tenancy,
               const Bindings& bindings, const verdict::Profile& profile);

/// Every value that `profile` or any of the shipped profiles allows.
verdict::Profile widest(const std::vector<verdict::Profile>& shipped, verdict::Profile profile);

/// The cases and the twins that they need under any profile, in the catalogue's order.
std::vector<const Case*> withTwins(const Catalogue& catalogue, const std::vector<const Case*>& cases);
/// {"tenants":[…]} of the families of the cases; {names} of addresses not yet filled in.
Json tenancyOf(const Catalogue& catalogue, const std::vector<const Case*>& cases);
/// What each name of an address stands for in a set-up.
std::map<std::string, std::string> boundAddresses(const Catalogue& catalogue, const Bindings& bindings);

}  // namespace relayproof::catalogue
