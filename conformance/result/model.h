// The result model: what a run found out, as `relayproof.report/1` holds it. Everything a judge needs stands in it, so
// that a stored run can be judged again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "certs/document.h"
#include "conformance/session/record.h"
#include "conformance/verdict/decide.h"

namespace relayproof::result {

enum class Outcome { pass, fail, observed, inconclusive, xfail, xpass, skip, error };
enum class Class { none, hole, refusal, reply, protocol, robustness };
std::string_view name(Outcome outcome);
std::string_view name(Class failure);  ///< "" for none

/// One acceptable answer for one recipient.
struct Answer {
  std::string verdict;  ///< "deliver", "relay", "deny", "refuse-tls"
  std::optional<std::string> tenant;
  std::vector<std::string> basis;
  bool operator==(const Answer&) const = default;
};

/// What the relay was seen to do with one recipient.
struct Observed {
  std::string verdict = "not-reached";  ///< accept, deny, defer, refuse-tls, drop, timeout, protocol-error, not-reached
  std::string stage;                    ///< connect, ehlo, starttls, tls, mail, rcpt, data, end-of-data
  int code = 0;                         ///< 0: no reply
  std::string enhanced, text;
  std::optional<std::string> passedOn;  ///< next-hop, local-hop, none, twice, late-denial; nullopt: no sink watches
  std::optional<std::string> tenant;    ///< by the relay's own mark on the message
};

struct Recipient {
  std::string address;
  std::vector<Answer> expected;
  Observed observed;
};

struct Transaction {
  std::string mailFrom;
  std::vector<Recipient> recipients;
};

struct Session {
  std::string source;
  std::optional<std::string> certificate;  ///< fixture id
  std::string tlsOutcome;                  ///< ok, refused, none
  std::string tlsVersion;
  bool resumed = false;
  std::optional<std::string> alert;
  bool certificateRequested = false;
  bool chainArrived = true;  ///< the chain that left our socket equals the fixture
  std::vector<Transaction> transactions;
  std::vector<session::Event> transcript;
};

struct Check {
  std::string name;
  bool ok = true;
  std::string why;
};

struct CaseResult {
  std::string id, title, since, tier;
  std::vector<std::string> hangsOn, rules, sources, tags;
  std::optional<std::string> twin;
  Outcome outcome = Outcome::error;
  Class failure = Class::none;
  std::string why;                    ///< one line that a person understands
  std::optional<std::string> likely;  ///< the probable mistake
  std::int64_t durationMs = 0;
  std::vector<Session> sessions;
  std::vector<Check> checks;
  std::string token, reproduce;
  std::string file;  ///< of the catalogue, with `line`; for SARIF
  int line = 0;
};

struct TargetSeen {
  std::string address, greeting;
  std::vector<std::string> ehlo;
  std::string tls;
  bool asked = false;
  std::vector<std::string> authorities;
};

struct Summary {
  std::map<Outcome, int> outcomes;
  std::map<Class, int> classes;
  double coverage = 1;  ///< judged ÷ (selected less declared away)
  int total = 0;
};

struct Report {
  std::string version, catalogue, plan, profile;
  std::uint64_t seed = 0;
  TargetSeen target;
  std::string startedAt;  ///< RFC 3339
  std::int64_t durationMs = 0;
  bool passingOnSeen = false;
  std::optional<std::string> halted;  ///< why a run ended early: "open relay", "interrupted", …
  std::vector<CaseResult> results;
  Json fingerprint = Json::object();
};
Summary summarise(const Report& report);

Json toJson(const CaseResult& result);
CaseResult caseResultFromJson(const Node& node);  ///< throws Error
Json toJson(const Report& report);
Expected<Report> readReport(std::string_view text, const std::string& place);

}  // namespace relayproof::result
