// A case: one thing that a relay may get wrong, as it stands in corpus/cases/FAMILY.json, the family's defaults
// applied.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"
#include "conformance/verdict/decide.h"
#include "conformance/wire/step.h"

namespace relayproof::catalogue {

/// The tag of a case that shows that a reload has had its effect.
inline constexpr std::string_view kShowsReload = "shows-reload";

/// The built-in client address that no connector covers.
inline constexpr std::string_view kStranger = "stranger";

/// One acceptable answer as a person wrote it: "deny", "relay contoso 3a 3b", "deliver", "refuse-tls".
/// Relay and deliver carry their tenant (the family's only one where none was written), except "deliver none", mail to
/// the relay's own Postmaster. A missing basis leaves it open.
struct ExpectedAnswer {
  verdict::Verdict verdict = verdict::Verdict::deny;
  std::optional<std::string> tenant;
  std::optional<std::set<verdict::Basis>> basis;
};
using ExpectedAnswers = std::vector<ExpectedAnswer>;

/// What the answers can show on the wire.
std::set<verdict::Wire> wire(const ExpectedAnswers& answers);
/// A denial or a refused handshake is right and acceptance is not: what proves nothing without a twin.
bool refuses(const std::set<verdict::Wire>& wire);

/// A mail transaction by labels: "foreign", "null", "local:TENANT", "external", or a literal path that holds an `@`.
/// "{token}" in a literal stands for the session's token.
struct TransactionPlan {
  std::string sender;
  std::string mailParameters;
  std::string header;  ///< P2, the header From, by the same labels
  std::vector<std::string> recipients;
  std::string recipientParameters;
  std::vector<std::string> extraHeaders;
  bool headersLast = false;  ///< the extra ones stand behind the usual ones
  std::string body;          ///< raw octets of the body where they are the point; else empty
  bool bodyless = false;     ///< a header without the empty line behind it (RFC 5322 3.5)
  bool empty = false;        ///< no message at all: not an octet
  bool sameAgain = false;    ///< the message of the first transaction, octet for octet
  bool lowerCase = false;    ///< the words of MAIL, RCPT and DATA
  bool bdat = false;
  wire::Chunks chunks = wire::Chunks::whole;
  wire::Data data = wire::Data::stuffed;
  /// Hidden in the message of another transaction: never sent by our client, seen in the sinks alone.
  bool smuggled = false;
  bool extended = false, smtpUtf8IfOffered = false, bdatIfOffered = false;  ///< as wire::Transaction has them
  bool beside = false;                                                      ///< sent by the session beside

  /// The message says what it says of its own accord, in chunks as they are usual.
  bool hasPlainContent() const {
    return extraHeaders.empty() && body.empty() && !bodyless && !empty && header.find('@') == std::string::npos &&
           data == wire::Data::stuffed && chunks != wire::Chunks::lowerCase && chunks != wire::Chunks::leadingZeros;
  }
  bool operator==(const TransactionPlan&) const = default;
};

/// The handshake before the one in which the case presents its certificate.
struct Earlier {
  /// "ticket", "session-id": its session is resumed; "renegotiation", "post-handshake": in this one;
  /// "session": in one before, which asks the same with that certificate up to RCPT.
  std::string by;
  std::optional<std::string> fixture;  ///< presented there; nullopt: none
  Json blueprint;
  /// Seconds for which both certificates are valid, counted from the beginning: the second handshake comes after them.
  std::optional<int> lifetime;

  bool resumes() const { return by == "ticket" || by == "session-id"; }
  bool inThisSession() const { return by == "renegotiation" || by == "post-handshake"; }
};

/// Another session, which the steps of a case open and lead on while its own is there.
struct Beside {
  std::optional<std::string> fixture;  ///< presented there; nullopt: none
  Json blueprint;
  std::string address;  ///< name of its client address
  std::string tls;      ///< "" or "none"
};

/// When the certificate of a session that begins at 0 is valid, in seconds.
struct Period {
  int from = 0, until = 0;
};

struct Case {
  std::string id;      ///< "names.dns.nul-suffix"
  std::string family;  ///< "names.dns"
  std::string title;
  std::string why;  ///< the mistake that this case shows
  std::vector<std::string> sources;
  std::vector<std::string> tags;
  std::string since;
  std::optional<std::string> fixture;  ///< id of the certificate presented; nullopt: none
  Json blueprint;                      ///< of that fixture; null without one
  std::string proof;                   ///< of possession: "" (right), "other-transcript", "empty"
  std::optional<Earlier> earlier;
  std::optional<Beside> beside;
  std::optional<Period> period;  ///< in place of the blueprint's dates
  bool otherListener = false;    ///< held at the relay's other listener; what is `earlier` at the first
  bool afterReload = false;      ///< played with the tenants as they are then; what is `earlier` comes before
  std::string address;           ///< name of the client address; "stranger" is covered by no connector
  std::string ehlo;              ///< EHLO name; empty: the run's own
  std::string sni;               ///< server name asked for in the handshake; empty: the run's own
  std::string tls;               ///< "", "none", "1.2", "1.3"
  std::vector<TransactionPlan> transactions;
  std::vector<Json> steps;  ///< as written; empty: the plain dialogue
  /// Per profile name: for each transaction, for each recipient, the acceptable answers.
  std::map<std::string, std::vector<std::vector<ExpectedAnswers>>> expect;
  std::map<std::string, std::string> twin;  ///< per profile name the twin's id; empty where there is none
  bool control = false;                     ///< tag "control"
  std::string file;                         ///< where it stands, for SARIF and error messages
  int line = 0;

  bool hasTag(std::string_view tag) const;
  /// The same words in the same order, whoever says them.
  bool saysTheSame(const Case& other) const;
  std::string place() const;  ///< "FILE:LINE"
  std::string key() const;    ///< the path inside its file, "cases.nul-suffix"
};

}  // namespace relayproof::catalogue
