// The result model: what a run found out, as `relayproof.report/1` holds it. Everything a judge needs stands in it, so
// that a stored run can be judged again.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"
#include "conformance/result/evidence.h"
#include "conformance/result/transcript.h"
#include "conformance/session/record.h"
#include "conformance/verdict/decide.h"

namespace relayproof::result {

enum class Outcome { pass, fail, observed, inconclusive, xfail, xpass, skip, error };
enum class Class { none, hole, refusal, reply, protocol, robustness };
std::string_view name(Outcome outcome);
std::string_view name(Class failure);  ///< "" for none
inline constexpr std::array kOutcomes = {Outcome::pass,  Outcome::fail,  Outcome::observed, Outcome::inconclusive,
                                         Outcome::xfail, Outcome::xpass, Outcome::skip,     Outcome::error};
/// Gravest first.
inline constexpr std::array kClasses = {Class::hole, Class::robustness, Class::refusal, Class::reply, Class::protocol};

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
  std::string enhanced, text;           ///< the text escaped as in transcripts
  std::optional<std::string> passedOn;  ///< next-hop, local-hop, none, twice, late-denial; nullopt: no sink watches
  std::optional<std::string> tenant;    ///< by the relay's own mark on the message; several different: "a, b"
  bool forgedMark = false;              ///< the client wrote such a mark, and it came through
  bool operator==(const Observed&) const = default;
};

struct Recipient {
  std::string address;
  std::vector<Answer> expected;
  Observed observed;
  bool operator==(const Recipient&) const = default;
};

struct Transaction {
  std::string mailFrom;
  std::vector<Recipient> recipients;
  bool smuggled = false;  ///< hidden in another's octets and never sent by itself: the sinks alone tell of it
  bool operator==(const Transaction&) const = default;
};

/// How the session ended, in the words of session::End and session::Stage.
struct Ending {
  std::string how = "completed";  ///< completed, unreachable, timeout, dropped, protocol-error, stopped
  std::string stage = "quit";
  std::string text;
  bool operator==(const Ending&) const = default;
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
  bool withheld = false;     ///< our TLS library sent no certificate, where the relay asked for one and we had it
  Ending end;
  std::vector<std::string> watched;    ///< "next-hop", "local-hop": the sinks that watched
  std::vector<std::string> strays;     ///< recipients that a sink got this session's mail for and no transaction names
  std::vector<std::string> lostLines;  ///< of the bodies that we sent, which the copies in the sinks lack
  std::vector<std::string> mergedMessages;  ///< recipients that a sink got two messages of ours for in one
  std::vector<std::string> bareLineEnds;    ///< where a bare CR, bare LF or NUL came to a sink, with its surroundings
  std::vector<Transaction> transactions;
  Transcript transcript;
};

struct Check {
  std::string name;
  bool ok = true;
  std::string why;
};

/// What stands beside one case's session when it is judged.
struct Circumstances {
  bool twinNeeded = false;  ///< a deny case
  std::optional<bool>
      twinAccepted;  ///< its twin's latest session, within seconds and from the same address; nullopt: did not run
  bool twinSaysTheSame = false;  ///< the same dialogue: no refusal is for what was said in it
  bool controlsHeld = true;      ///< positive controls before and after passed
  bool relayAsksForCertificate = true;
  bool presentsCertificate = false;
  bool tlsNotSpoken = false;  ///< the client offers TLS 1.3 alone to a relay that chose 1.2 where it had the choice
  bool strictReply = false;   ///< --strict: a denial is 550 5.7.64 alone
  bool mayResume = false;     ///< resumption is the point of the case
  bool renegotiates = false;  ///< its certificate is that of a second handshake in the session
  bool injects = false;       ///< octets in the clear follow STARTTLS
  bool talksEarly = false;    ///< octets that are no command come before EHLO
  bool noData = false;
  bool sendsMailParameters = false;
  bool sendsRecipientParameters = false;
  bool parametersOffered = false;  ///< each of them is of an extension that the relay offers
  bool oddSignature = false;       ///< of the certificate: a relay may say in the handshake that it takes no such
  bool oddCertificate = false;     ///< in order, and as no authority writes them: a TLS library may refuse it
  bool oddSequence = false;        ///< of commands: a relay may refuse it, or take it otherwise
  bool withinLimits = false;       ///< at the limits that every server has to bear (RFC 5321 4.5.3.1)
  bool oddContent = false;         ///< the message is none of RFC 5322, or larger than all must take: it may be refused
  bool plainContent = false;       ///< every message is a header and a line of ASCII
  std::string notOffered;          ///< an extension that the case needs and the answer to EHLO lacks
  bool marksRelayed = false, marksDelivered = false;  ///< the positive controls had the relay's mark of the tenant
  std::string denyStage;                              ///< as the user declared it, or learnt; empty: unknown
  /// What became of recipientToRetryAlone in a session of its own, which is not among the result's; nullopt: not tried
  std::optional<bool> acceptedRecipientAloneAccepted;
  std::string notReloaded;  ///< why the relay does not have the tenancy that the case assumes; empty: it has
  bool wentAway = false;    ///< after this session the relay could not be reached any more, or was not well
  std::string crash;        ///< the line of the relay's log that tells of one beside this session; empty: none
};

struct CaseResult {
  std::string id, title, since, tier;
  std::vector<std::string> hangsOn, rules, sources, tags;
  std::optional<std::string> twin;
  Outcome outcome = Outcome::error;
  Class failure = Class::none;
  std::string purpose;                ///< the mistake that the case shows, in the catalogue's words
  std::string why;                    ///< one line that a person understands
  std::optional<std::string> likely;  ///< the probable mistake
  std::int64_t durationMs = 0;
  std::vector<Session> sessions;
  std::vector<Check> checks;
  std::vector<std::string> relayLog;           ///< lines of the relay's own log that belong to the case
  std::vector<Explanation> evidence;           ///< what the case tells of the relay's values of the options
  std::optional<Circumstances> circumstances;  ///< under which it was judged; none in older reports
  std::string token, reproduce;
  std::string again;  ///< the command that plays this case alone; empty in older reports
  std::string file;   ///< of the catalogue, with `line`; for SARIF
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
  double coverage = 1;  ///< judged ÷ (selected less skipped and observed); 1 where nothing was to be judged
  int total = 0;
};

inline constexpr std::string_view kHaltedOpenRelay = "open relay";     ///< a negative control was accepted
inline constexpr std::string_view kHaltedUnreachable = "unreachable";  ///< no session could be opened
inline constexpr std::string_view kHaltedWentAway =
    "the relay went away";  ///< it was there, and can be reached no more
inline constexpr std::string_view kHaltedNoControl = "no positive control";  ///< none of them was accepted
inline constexpr std::string_view kHaltedInterrupted = "interrupted";
inline constexpr std::string_view kHaltedUnfinished = "its journal holds less than was selected";

struct Report {
  std::string version, catalogue, plan, profile;
  std::uint64_t seed = 0;
  std::string shard;  ///< "2/3": the second of three; empty: the whole
  TargetSeen target;
  std::string startedAt;  ///< RFC 3339
  std::int64_t durationMs = 0;
  bool passingOnSeen = false;
  int selected = 0;  ///< cases that the run set out to judge, controls included; 0: as many as there are results
  std::optional<std::string> halted;  ///< why a run ended early, one of kHalted…; nullopt: it did not
  Values inForce{};                   ///< what the profile allows; nothing at all in older reports
  std::vector<CaseResult> results;
  Json fingerprint = Json::object();
};
Summary summarise(const Report& report);

Json toJson(const CaseResult& result);
CaseResult caseResultFromJson(const Node& node);  ///< throws Error
Json toJson(const Report& report);
Json headJson(const Report& report);  ///< the same with null in place of the results
/// JSON text that is always valid UTF-8; `indent` below 0: one line.
std::string dump(const Json& json, int indent);
/// The inverse of toJson: every value comes back; the summary is counted anew. Unknown keys are passed over.
Expected<Report> readReport(std::string_view text, const std::string& place);

}  // namespace relayproof::result
