// What one session left behind. Nothing here knows what was expected.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/wire/reply.h"

struct ssl_session_st;  // SSL_SESSION

namespace relayproof::session {

enum class Stage { connect, greeting, ehlo, starttls, tls, afterTls, mail, rcpt, data, endOfData, step, quit };
std::string_view name(Stage stage);  ///< "connect", "ehlo", …; greeting counts as connect, afterTls as tls in reports

/// How a session ended. A crash of the relay shows as dropped, a hang as timeout; neither is ever a denial.
/// stopped: by a reply that leaves nothing to go on with (lastReply), by an alert that refuses TLS, or by ourselves, as
/// where STARTTLS is not offered or the identity cannot be loaded.
enum class End { completed, unreachable, timeout, dropped, protocolError, stopped };

struct Event {
  double at = 0;     ///< seconds since the session began
  std::string from;  ///< "relay", "client", "tls"
  std::string text;  ///< escaped (wire/escape.h); at most 1,000 octets, the rest counted
};

struct TransactionRecord {
  std::string mailFrom;
  std::vector<std::string> recipients;
  std::optional<wire::Reply> mail;
  std::vector<std::optional<wire::Reply>> rcpt;  ///< one a recipient
  std::optional<wire::Reply> data;               ///< to DATA; for BDAT absent
  std::optional<wire::Reply> endOfData;
};

/// What a step checked. Beside the checks that steps name, two are recorded where they fail: "one-reply-a-command" (a
/// reply came that no command asked for, RFC 5321 4.3.1) and "server-octets-before-tls" (the relay went on in the clear
/// behind its 220 to STARTTLS; what it said is never read as a reply, RFC 3207 4.2).
struct CheckRecord {
  std::string name;
  bool ok = true;
  std::string why;
};

/// refused: a fatal alert in the handshake or before the first reply after it; a 421 or 554 as that first reply; or,
/// where the relay had asked for a certificate and our answer had left, a bare close before it. In the last case `end`
/// says dropped: once alone, it may be a crash. failed: any other end of the handshake, be it our own fault.
struct TlsRecord {
  enum class Outcome { none, ok, refused, failed } outcome = Outcome::none;
  std::string version;  ///< "TLSv1.3"
  bool resumed = false;
  std::optional<std::string> alert;
  bool certificateRequested = false;
  bool renegotiated = false;
  std::vector<std::string> authorities;  ///< the CertificateRequest's CA names, RFC 4514 text
  std::vector<std::string> chainSent;    ///< DER, as it left in our Certificate message (TLS message callback)
};

/// What is left of a session whose TLS session another one is to resume.
struct Begun {
  std::vector<Event> transcript;
  std::shared_ptr<ssl_session_st> offered;  ///< null: the relay gave none that can be resumed
  double seconds = 0;
};

struct Record {
  std::string source;
  std::string greeting;
  std::vector<std::string> ehlo;  ///< keywords of the last EHLO reply
  TlsRecord tls;
  std::vector<TransactionRecord> transactions;
  std::vector<CheckRecord> checks;
  std::vector<Event> transcript;
  End end = End::completed;
  Stage endedAt = Stage::quit;
  std::string endText;                   ///< "the relay closed the connection", an errno's text, …
  std::optional<wire::Reply> lastReply;  ///< the reply that stopped the session (421, an unexpected code), when one did
  double seconds = 0;
  std::optional<Begun> begun;  ///< of a job that only begins, and then nothing else
};

}  // namespace relayproof::session
