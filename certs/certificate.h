// A certificate from its blueprint and its issuer: every octet written here, none by a library.
#pragma once

#include <string>

#include "certs/blueprint.h"
#include "certs/key.h"

namespace relayproof::certs {

/// The issuing side of a certificate. For a self-signed one it is the certificate's own subject and key.
struct Issuer {
  std::string_view subject;  ///< Name, DER
  const PrivateKey* signer = nullptr;
  /// Octets of authorityKeyIdentifier; empty: no such extension.
  std::string_view keyIdentifier;
};

/// Certificate (RFC 5280 4.1), DER. `serial`: content octets of the INTEGER.
std::string makeCertificate(const Blueprint& blueprint, const PrivateKey& subjectKey, const Issuer& issuer,
                            std::string_view serial);

}  // namespace relayproof::certs
