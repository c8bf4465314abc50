#include "conformance/run/rejudge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/result/fingerprint.h"
#include "conformance/result/judge.h"
#include "conformance/run/rehearsal.h"

namespace relayproof::run {
namespace {

/// The acceptable answers laid into a session, as a run lays them.
result::Session expecting(result::Session session, const catalogue::Judged& judged) {
  const auto& acceptable = judged.acceptableOnce(session.resumed);
  for (std::size_t t = 0; t < session.transactions.size() && t < acceptable.size(); ++t) {
    auto& recipients = session.transactions[t].recipients;
    for (std::size_t r = 0; r < recipients.size() && r < acceptable[t].size(); ++r)
      recipients[r].expected = answersOf(acceptable[t][r]);
  }
  return session;
}

bool sameExpectations(const result::Session& session, const catalogue::Judged& judged) {
  return expecting(session, judged).transactions == session.transactions;
}

}  // namespace

Expected<result::Report> rejudge(result::Report report, const Request& before, const Request& after, std::int64_t at) {
  // What is said of the whole run stays as it is; the contradiction is reckoned anew.
  std::vector<result::CaseResult> whole;
  std::erase_if(report.results, [&](const result::CaseResult& result) {
    if (!result.sessions.empty() || after.catalogue.find(result.id)) return false;
    if (result.id != result::kContradiction) whole.push_back(result);
    return true;
  });
  std::vector<const catalogue::Case*> cases;
  for (const result::CaseResult& result : report.results) {
    const catalogue::Case* one = after.catalogue.find(result.id);
    if (!one) return Error("", result.id, "is not in this catalogue", "name its folder with --cases");
    if (!result.circumstances)
      return Error("", result.id, "was judged by a version that did not store the circumstances", "run it again");
    cases.push_back(one);
  }
  const Rehearsal was = rehearse(before, bindingsOf(before.setup), cases, at);
  const Rehearsal is = rehearse(after, bindingsOf(after.setup), cases, at);

  std::map<std::string, const result::CaseResult*> byId;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    result::CaseResult& result = report.results[i];
    const catalogue::Judged& judged = is.at(cases[i]).judged;
    for (result::Session& session : result.sessions) {
      if (!sameExpectations(session, was.at(cases[i]).judged))
        return Error("", result.id, fmt::format("was expected otherwise under {}", before.profile.name),
                     "give the set-up, seed and private cases of that run");
      session = expecting(std::move(session), judged);
    }
    result.tier = judged.tier;
    result.hangsOn = judged.hangsOn;
    byId[result.id] = &result;
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    result::CaseResult& result = report.results[i];
    result::Circumstances& circumstances = *result.circumstances;
    const catalogue::Case* twin = after.catalogue.twinOf(*cases[i], after.profile.name);
    const auto played = twin ? byId.find(twin->id) : byId.end();
    circumstances.twinNeeded = twin != nullptr;
    circumstances.twinSaysTheSame = twin != nullptr && cases[i]->saysTheSame(*twin);
    if (played != byId.end() && !played->second->sessions.empty())
      circumstances.twinAccepted = result::accepted(played->second->sessions.back(), circumstances);
    else if (!twin || twin->id != result.twin)
      circumstances.twinAccepted.reset();
    result.twin = twin ? std::optional(twin->id) : std::nullopt;
    result::judge(result, circumstances);
    result.evidence = result::evidenceOf(result, circumstances, is.at(cases[i]).ways, after.profile.allowed);
  }
  report.results.insert(report.results.end(), whole.begin(), whole.end());
  report.profile = after.profile.name;
  report.inForce = after.profile.allowed;
  result::takeFingerprint(report);
  return report;
}

}  // namespace relayproof::run
