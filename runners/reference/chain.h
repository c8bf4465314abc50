#pragma once

#include <openssl/types.h>

#include "runners/reference/faults.h"
#include "runners/reference/revocation.h"

// Is a client's chain to be trusted? OpenSSL verifies it (RFC 5280 6.1); what is left open there, the options decide.
namespace relayproof::reference {

// The purposes that extendedKeyUsage leaves a chain: those that the leaf and each authority share. An absent extension
// allows every one, and so does anyExtendedKeyUsage; but whoever requires a particular one may want it by its name
// (RFC 5280 4.2.1.12), and clientAuth does.
struct Purposes {
  bool client = true;
  bool server = true;
  bool clientByName = true;  // wherever the extension stands, clientAuth is on it
};

struct ChainFacts {
  bool verified = false;  // names and path, signatures, dates, constraints, up to an anchor
  Purposes purposes;
  Revocation revocation = Revocation::notNamed;
  bool commonNameOutsideConstraint = false;  // one that a dNSName constraint of the chain is held against
};

bool isTrusted(const ChainFacts& facts, const Behaviour& behaviour);

// What a handshake showed of the client.
struct ClientCertificate {
  bool presented = false;
  bool trusted = false;
  unsigned handshakes = 0;  // completed in this session, of TLS 1.2; of TLS 1.3, certificates shown
  Identity identity;        // empty unless trusted
  // Where its certificates say that their lists are; nothing is trusted before those were fetched.
  std::vector<std::string> listsAt;
};

// Verifies the chain that a handshake set `context` up for; `fetched`: the lists of `context` beside those of its
// store. Its error is then X509_V_OK where the certificate is trusted, and else says why not.
ClientCertificate judgeChain(X509_STORE_CTX* context, const Conduct& conduct,
                             const std::vector<RevocationList>& fetched = {});

// The same of the leaf of an earlier handshake, whose outcome is taken as it was.
ClientCertificate recallLeaf(X509* leaf, bool trusted, const Conduct& conduct);

}  // namespace relayproof::reference
