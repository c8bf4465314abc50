// The set-up of a relay under test (`relayproof.setup/1`): where it listens, which addresses, senders and recipients
// stand for those of the cases, and where it passes mail on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"
#include "certs/domain_map.h"
#include "conformance/catalogue/catalogue.h"
#include "conformance/session/player.h"

namespace relayproof::run {

/// PEM files.
struct IssuerFiles {
  std::string certificate;  ///< of the CA, its issuers after it
  std::string key;
};

struct Setup {
  std::string target;     ///< HOST:PORT; empty: the embedded reference relay
  bool operated = false;  ///< the user says that he operates this relay
  bool implicitTls = false;
  std::string otherTarget;  ///< HOST:PORT of the same relay where TLS begins the other way; empty: none
  std::string profile = "exo-2017";
  bool oneTenant = false;  ///< the relay knows a single tenant
  std::map<std::string, std::string> addresses, recipients, senders;
  certs::DomainMap domains;           ///< domains of the operator's own
  std::optional<IssuerFiles> issuer;  ///< a CA of the operator's own; nullopt: ours
  session::ClientAddress clientAddress = session::ClientAddress::bind;
  std::string ehlo;
  std::optional<std::string> sni;
  std::string serverCa;           ///< PEM file; empty: the relay's certificate is not verified
  std::string nextHop, localHop;  ///< where our sinks listen; empty: nothing watches
  std::string crlAddress;         ///< where our CRLs are served, as certificates say; empty: nowhere
  std::string tenantHeader = "X-Tenant";
  std::optional<double> settle;  ///< seconds to wait for mail to be passed on; nullopt: learnt
  bool noData = false;
  std::string denyStage;  ///< empty: unknown
  std::vector<std::string> without;
  double rate = 0;                            ///< sessions a second at most; 0: no limit
  int timeout = 20;                           ///< seconds, each wait
  std::string healthCommand, restartCommand;  ///< for /bin/sh; empty: none
  std::string reloadCommand;                  ///< the same; {plan} in it is the file of another plan
  std::string relayLog;                       ///< a file; empty: none is read
};

/// Stands for a file in the reload command.
inline constexpr std::string_view kPlanFile = "{plan}";

/// The keys of a set-up with a line of help each; every key is also an option of the same name in kebab case.
struct SetupKey {
  std::string_view name;         ///< "nextHop"
  std::string_view placeholder;  ///< "HOST:PORT"; empty: a switch
  std::string_view help;
};
const std::vector<SetupKey>& setupKeys();
std::string kebab(std::string_view camelCase);

/// `document` is the file's content with the command line's options laid over it. Throws Error.
Setup readSetup(const Node& document);

/// HOST:PORT of the target; Error: no such form, or outside 127.0.0.0/8 without `operated`.
struct HostPort {
  std::string host;
  unsigned short port = 0;
};
Expected<HostPort> parseHostPort(const std::string& text, const std::string& key);
Expected<session::Target> targetOf(const Setup& setup);
catalogue::Bindings bindingsOf(const Setup& setup);
/// A name or label of the set-up that no case knows; nullopt: there is none.
std::optional<Error> unknownName(const Setup& setup, const catalogue::Catalogue& catalogue);

}  // namespace relayproof::run
