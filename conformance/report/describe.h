// What the renderings say alike: expectations and observations as words, and text of strangers made safe to show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/result/model.h"

namespace relayproof::report {

/// Valid UTF-8 without control characters and without those that turn the direction of writing: such octets are shown
/// as \xHH. Line feeds and tabs stay.
std::string printable(std::string_view text);

/// "relay for contoso (3a, 3b), or deny".
std::string expectedText(const result::Recipient& recipient);

/// "accept at end-of-data, 250 2.0.0 OK; passed on: next-hop, for tenant contoso".
std::string observedText(const result::Observed& observed);

/// "2 cases: 1 pass, 1 fail (1 hole); coverage 100 %; 1.2 s".
std::string summaryLine(const result::Report& report);

/// What a reader has to know before any figure: a run that ended early, sinks that did not watch, a relay that never
/// asks for a certificate.
std::vector<std::string> warnings(const result::Report& report);

/// Which values the relay was seen to have where the profile leaves a question open: "patternDepth: any (3 cases)".
std::vector<std::string> fingerprintLines(const result::Report& report);

/// The command that runs this case again, and nothing else.
std::string runAgain(const result::CaseResult& result);

}  // namespace relayproof::report
