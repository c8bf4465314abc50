#pragma once

#include "conformance/result/model.h"

namespace relayproof::result {

inline CaseResult resultOf(const std::string& id, Outcome outcome, Class failure = Class::none,
                           const std::string& tier = "must") {
  CaseResult made;
  made.id = id;
  made.tier = tier;
  made.outcome = outcome;
  made.failure = failure;
  made.why = "because";
  return made;
}

inline Report reportOf(std::vector<CaseResult> results) {
  Report made;
  made.profile = "exo-2017";
  made.results = std::move(results);
  return made;
}

}  // namespace relayproof::result
