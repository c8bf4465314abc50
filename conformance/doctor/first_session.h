// What a session of a client without a certificate tells of a set-up, from the connection to the certificate request.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "conformance/doctor/examine.h"
#include "conformance/session/player.h"

namespace relayproof::doctor {

struct FirstSession {
  session::Record record;
  std::string ehlo;                      ///< the name said in EHLO
  std::vector<std::string> authorities;  ///< the names of our CAs, as in TlsRecord::authorities
  bool needsTls = true;                  ///< some control is asked over TLS
};

/// Adds what it tells, up to the first problem. False: there is one, and nothing more can be asked of the relay.
bool readFirstSession(const FirstSession& seen, const session::Target& target, std::vector<Finding>& findings);

}  // namespace relayproof::doctor
