// Certificate revocation lists (RFC 5280 5), written octet by octet like certificates.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "certs/certificate.h"
#include "certs/document.h"

namespace relayproof::certs {

/// As a set says it: {"revoked": [{"hex": SERIAL}, …], "thisUpdate": TIME, "nextUpdate": TIME, "signature": good or
/// broken}, all optional.
struct CrlBlueprint {
  std::vector<std::string> revoked;  ///< serial numbers, content octets of the INTEGER
  std::string thisUpdate;            ///< Time, DER
  std::string nextUpdate;
  bool broken = false;
};

/// Throws Error.
CrlBlueprint readCrlBlueprint(const Node& node);

/// CertificateList, DER, of version 2 and number 1.
std::string makeCrl(const CrlBlueprint& blueprint, const Issuer& issuer);

}  // namespace relayproof::certs
