// Sessions and circumstances in few words, for the tests of the judge.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/result/judge.h"

namespace relayproof::result::judging {

inline Answer answer(const std::string& verdict) {
  if (verdict == "relay") return {"relay", "contoso", {"3b"}};
  if (verdict == "deliver") return {"deliver", "contoso", {}};
  return {verdict, std::nullopt, {}};
}

inline Recipient recipient(const std::vector<std::string>& expected, Observed observed,
                           std::string address = "rp-1@elsewhere.example") {
  Recipient made{std::move(address), {}, std::move(observed)};
  for (const std::string& verdict : expected) made.expected.push_back(answer(verdict));
  return made;
}

inline Observed seen(std::string verdict, std::string stage, int code = 0, std::string enhanced = "",
                     std::optional<std::string> passedOn = std::nullopt) {
  return {std::move(verdict), std::move(stage), code, std::move(enhanced), "", std::move(passedOn), std::nullopt};
}

inline Observed accepts(std::optional<std::string> passedOn = std::nullopt) {
  return seen("accept", "end-of-data", 250, "2.0.0", std::move(passedOn));
}
inline Observed denies() { return seen("deny", "rcpt", 550, "5.7.64"); }

inline Session session(std::vector<Recipient> recipients) {
  Session made;
  made.source = "127.0.0.1";
  made.certificate = "names.dns.nul-suffix";
  made.tlsOutcome = "ok";
  made.tlsVersion = "TLSv1.3";
  made.certificateRequested = true;
  made.transactions.push_back({"rp-1@foreign.example", std::move(recipients), false});
  return made;
}

inline Session watched(std::vector<Recipient> recipients) {
  Session made = session(std::move(recipients));
  made.watched = {"next-hop", "local-hop"};
  return made;
}

inline Session refused(std::vector<Recipient> recipients) {
  Session made = session(std::move(recipients));
  made.tlsOutcome = "refused";
  made.end = {"dropped", "tls", ""};
  return made;
}

inline CaseResult caseOf(std::vector<Session> sessions) {
  CaseResult result;
  result.id = "names.dns.nul-suffix";
  result.purpose = "A comparison that stops at the first NUL takes this for mail.names.test.";
  result.sessions = std::move(sessions);
  return result;
}

inline Circumstances fair() {
  Circumstances circumstances;
  circumstances.presentsCertificate = true;
  circumstances.twinNeeded = true;
  circumstances.twinAccepted = true;
  return circumstances;
}

inline std::string words(const CaseResult& result) {
  const std::string failure(name(result.failure));
  return std::string(name(result.outcome)) + (failure.empty() ? "" : " " + failure);
}

inline std::string judgedAs(CaseResult result, const Circumstances& circumstances = fair()) {
  judge(result, circumstances);
  return words(result);
}

using Words = std::vector<std::string>;
inline const Words kRelay = {"relay"}, kDeliver = {"deliver"}, kDeny = {"deny"}, kEither = {"relay", "deny"},
                   kDenyTls = {"deny", "refuse-tls"}, kDeliverTls = {"deliver", "refuse-tls"},
                   kAll = {"relay", "deny", "refuse-tls"};

}  // namespace relayproof::result::judging
