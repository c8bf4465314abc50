// Plays steps over a real connection and yields a record: one coroutine a session, a deadline on everything.
// No Asio in this header: schedulers hand over jobs and get records back.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/session/record.h"
#include "conformance/wire/step.h"

namespace relayproof::session {

/// What a client presents. Chains and keys are DER (PKCS#8), the chain in the order in which it is sent.
struct Identity {
  std::string id;
  std::vector<std::string> chain;
  std::string key;
  /// How possession of the key is shown (CertificateVerify): rightly, by a signature over something else than this
  /// handshake, or by one without an octet. The latter two need a P-256 key.
  enum class Proof { right, otherTranscript, empty } proof = Proof::right;
};

/// How the address of a client reaches the relay: as that of the connection, or in words of ours that a relay behind a
/// load balancer takes from it (PROXY protocol version 1; XCLIENT as mail gateways speak it).
enum class ClientAddress { bind, proxyProtocol, xclient };

/// A port of the relay.
struct Listener {
  std::string host;
  unsigned short port = 25;
  bool implicitTls = false;  ///< TLS begins with the connection; else by STARTTLS
};

struct Target : Listener {
  std::optional<Listener> other;  ///< for the jobs that say so
  std::optional<std::string> sni;
  std::vector<std::string> serverAnchors;  ///< DER; empty: the relay's own certificate is not verified
  int timeoutSeconds = 20;                 ///< for each wait
  std::string keylogFile;                  ///< empty: none (NSS key log format)
  ClientAddress clientAddress = ClientAddress::bind;
  double rate = 0;  ///< sessions a second at most; 0: as many as there are
};

/// A handshake before the one that counts.
struct Earlier {
  /// ticket, sessionId: in a session of its own before this one, whose TLS session is then offered for resumption;
  /// renegotiation: the first handshake of this session, up to step::Renegotiate; postHandshake: the handshake of this
  /// session, after which another identity answers where the relay asks once more (RFC 8446 4.6.2); session: in one of
  /// its own before this one, over TLS, with the same EHLO, senders and recipients, up to RCPT.
  enum class Way { ticket, sessionId, renegotiation, postHandshake, session } way = Way::ticket;
  std::shared_ptr<const Identity> identity;  ///< null: no certificate
  int pauseSeconds = 0;                      ///< between the two sessions

  bool resumes() const { return way == Way::ticket || way == Way::sessionId; }
  bool inThisSession() const { return way == Way::renegotiation || way == Way::postHandshake; }
};

/// The client of another session, which steps open and lead on beside a job's own.
struct Beside {
  std::string source;
  std::shared_ptr<const Identity> identity;  ///< null: no certificate
};

struct Job {
  std::string source;                        ///< client address (IP); empty: the system's choice, and nothing is said
  std::shared_ptr<const Identity> identity;  ///< null: no certificate
  std::optional<Earlier> earlier;
  std::optional<Beside> beside;
  bool atOther = false;        ///< at the target's other listener; a session before this one is held at the first
  std::string sni;             ///< in place of the target's; empty: that
  bool beginsOnly = false;     ///< play the session before alone, of a job that resumes one
  std::optional<Begun> begun;  ///< the session before, where it was played already
  std::string tlsVersion;      ///< "" (whatever both speak), "1.2", "1.3"
  std::vector<wire::Step> steps;
  std::vector<wire::Transaction> transactions;
  bool noData = false;  ///< stop after RCPT
  int patience = 1;     ///< how many time-outs of the target a wait may take
};

/// Runs jobs on one thread with an io_context of its own.
class Player {
 public:
  explicit Player(Target target);
  ~Player();

  /// Runs every job, at most `concurrency` at once, started in order; `done` is called on the calling thread as each
  /// ends, in the order of ending, and may append nothing. Returns early (false) when `stop` says so between events.
  bool run(const std::vector<Job>& jobs, std::size_t concurrency, const std::function<void(std::size_t, Record)>& done,
           const std::function<bool()>& stop);

  /// One job, waited for.
  Record play(const Job& job);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace relayproof::session
