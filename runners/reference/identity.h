#pragma once

#include <string>
#include <vector>

#include "runners/reference/behaviour.h"
#include "runners/reference/certificate_names.h"

// Which of a certificate's names count as the peer's (RFC 6125 6.4.4, RFC 9525 6.3, and the options of Behaviour).
namespace relayproof::reference {

enum class Kind { commonName, dnsId };

struct Presented {
  Kind kind = Kind::dnsId;
  std::string octets;  // as presented; a CN as UTF-8
  std::string name;    // folded, `*.` included; empty where it is malformed

  bool isMalformed() const { return name.empty(); }
};

struct Identity {
  std::vector<Presented> ids;  // malformed ones too, which match nothing
  bool rejected = false;  // a malformed name spoiled it, under malformedSibling rejectCertificate; ids is empty then
};

// The common names that a dNSName constraint is held against: those that count as identifiers or, where no name counts,
// every one that is meant for an identifier.
std::vector<Presented> constrainedCommonNames(const CertificateNames& names, const Behaviour& behaviour);

// The names of a certificate that verified.
Identity identify(const CertificateNames& names, const Behaviour& behaviour);

// Does a presented name satisfy a connector? A malformed one satisfies none.
bool matches(const Behaviour& behaviour, const Pattern& pattern, const Presented& presented);

}  // namespace relayproof::reference
