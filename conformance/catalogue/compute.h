// What the matching core answers for a case: the parts of compute() that explanations and the lint use one by one.
#pragma once

#include <vector>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {

using AcceptableAnswers = std::vector<std::vector<verdict::Acceptable>>;  ///< per transaction and recipient

/// The core's answers to a case's envelopes from that peer. A smuggled transaction is denied, whoever the peer is.
AcceptableAnswers acceptableFor(const Catalogue& catalogue, const Case& one, const verdict::Peer& peer,
                                const verdict::Tenancy& tenancy, const Bindings& bindings,
                                const verdict::Profile& profile);

/// Every value that `profile` or any of the shipped profiles allows.
verdict::Profile widest(const std::vector<verdict::Profile>& shipped, verdict::Profile profile);

}  // namespace relayproof::catalogue
