// Known failures of one relay, each with a reason (`relayproof.expectations/1`): what fails as said is no news, what
// fails otherwise or has been mended is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/result/model.h"

namespace relayproof::result {

struct Expectation {
  std::string id;                      ///< glob over ids of cases
  std::optional<std::string> profile;  ///< nullopt: every profile
  std::string observed;                ///< what the relay answers, as observedAnswer says it
  std::string reason;
  std::string link;                  ///< empty: none
  std::optional<std::string> until;  ///< the last day on which it holds, "2027-01-31"
  std::string place;                 ///< file and key, for messages
};

/// `today` is a date like `until`. Errors: an empty reason, a date past or malformed, an outcome other than fail.
Expected<std::vector<Expectation>> readExpectations(std::string_view text, const std::string& place,
                                                    std::string_view today);

/// The verdicts seen in a result's last session, each once, and the checks that failed: "accept", "accept, deny",
/// "deny, check one-reply-a-command".
std::string observedAnswer(const CaseResult& result);

/// A fail that answers as expected becomes xfail, a pass of an expected fail xpass. Errors: an open relay (a control
/// that is a hole) matched; with `whole`, an expectation of this profile that matches no result. A shard of a run is
/// not whole.
std::optional<Error> apply(const std::vector<Expectation>& expectations, Report& report, bool whole);

/// One entry for every fail of the report and every xfail with its reason kept. A new entry's reason is empty: who
/// takes it over has to write it.
Json expectationsOf(const Report& report, const std::vector<Expectation>& before);

}  // namespace relayproof::result
