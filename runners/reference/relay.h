#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runners/reference/behaviour.h"
#include "runners/reference/manners.h"
#include "runners/reference/tenancy.h"

// The reference relay: a right answer to every case, decided by code of its own, and with `bug` one known fault in it.
namespace relayproof::reference {

struct Options {
  std::string host = "127.0.0.1";
  unsigned short port = 0;    // 0: any free one
  std::string tenancy;        // JSON
  std::string tenancyFolder;  // trustAnchors files are relative to it
  // HOST:PORT of the server that takes relayed mail, and mail for accepted domains. Empty: taken and dropped.
  std::string nextHop;
  std::string localHop;
  std::string bug;     // name of a known bug, or empty
  std::string manner;  // name of a manner, or empty
  // Where a denial shows: mail (as rcpt, wherever a recipient could be local), rcpt, data, endOfData.
  std::string denyStage = "rcpt";
  std::string untrusted = "treatAsNone";     // or refuseTls: what happens to a certificate that does not verify
  std::string refusal = "alert";             // how refuseTls shows: alert, 421 (to the first command after TLS), close
  bool implicitTls = false;                  // TLS begins with the connection, and there is no STARTTLS
  std::optional<unsigned short> otherPort;   // another listener, where TLS begins the other way; 0: any free port
  bool renegotiates = false;                 // takes another handshake in TLS 1.2, and the certificate in it
  std::string denyReply = "550-5.7.64";      // or policy5xx: 554 5.7.1, as other servers say it
  std::string tenantHeader = "X-Tenant";     // names the tenant on relayed and delivered mail
  std::vector<std::string> revocationLists;  // files of CRLs, PEM or DER, read once
  Behaviour behaviour;
  unsigned threads = 1;
};

class Relay {
 public:
  // Listens and serves when it returns. A problem names the option, or the key of the tenancy.
  static std::variant<std::unique_ptr<Relay>, Problem> start(const Options& options);

  // Ends every session, within a second.
  ~Relay();

  unsigned short port() const;
  unsigned short otherPort() const;  // 0: there is none

  // What the delays of its manner came to, in all sessions together.
  std::chrono::milliseconds waited() const;

  // Another tenancy for the sessions that begin from now on; its trust anchors are passed over.
  std::optional<Problem> reload(const std::string& tenancy);

 private:
  struct Engine;
  explicit Relay(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

struct Conduct;

struct KnownBug {
  std::string name;
  std::string kind;                   // hole, refusal, reply, protocol or robustness
  std::string wrong;                  // what it does, a sentence
  std::string record;                 // CVE-…, the RFC or server it goes against or was seen in, or "gateway practice"
  std::vector<std::string> caughtBy;  // ids of the cases that must fail with it
  void (*put)(Conduct&) = nullptr;
  std::string profile = {};  // under which its cases fail; empty: exo-2017
};

// Sorted by name.
std::vector<KnownBug> knownBugs();

}  // namespace relayproof::reference
