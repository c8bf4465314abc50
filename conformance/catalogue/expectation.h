// Reads what a person wrote under "expect" and "twin": answers in words, spread over the profiles.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/catalogue/case.h"

namespace relayproof::catalogue {

/// The members of an object whose keys are profile names (several separated by spaces) or "all", which stands for the
/// rest; one Node a profile, in no entry where nothing covers it. Throws Error.
std::map<std::string, Node> perProfile(const Node& node, const std::vector<std::string>& profiles);

/// The tenants that answers may name.
struct AnswerContext {
  std::vector<std::string> known;  ///< of the whole catalogue
  std::vector<std::string> own;    ///< of the case's family: one alone need not be written
};

/// For each transaction and recipient the answers under one profile. `node` is an array that holds for all of them, or
/// an object by "N/RECIPIENT", "N" or "RECIPIENT", the first of these deciding. Throws Error.
std::vector<std::vector<ExpectedAnswers>> readAnswers(const Node& node,
                                                      const std::vector<TransactionPlan>& transactions,
                                                      const AnswerContext& context);

}  // namespace relayproof::catalogue
