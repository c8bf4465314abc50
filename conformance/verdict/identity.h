// From a certificate to the names that count: is it trusted under the options, and which identifiers are left.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "conformance/verdict/choices.h"
#include "conformance/verdict/decide.h"
#include "conformance/verdict/presented_name.h"

namespace relayproof::verdict {

struct Identifier {
  const certs::PresentedIdentifier* presented;
  Reading reading;
  std::string_view leftOutBy;  ///< the option that leaves this CN out; empty when none does
  bool counts() const { return reading.kind == Reading::Kind::name && leftOutBy.empty(); }
};

struct Identifiers {
  std::vector<Identifier> all;  ///< DNS-IDs, then CNs
  bool malformed = false;       ///< any of them is malformed, or subjectAltName is
};

/// Options commonName, multipleCommonNames and those of reading a name.
Identifiers presentedIdentifiers(const ClientCertificate& certificate, Choices& choices);

struct Identity {
  enum class Standing { noCertificate, treatedAsNone, refused, trusted };
  Standing standing = Standing::noCertificate;
  std::string doubt;                  ///< why the certificate is not trusted
  std::vector<Identifier> presented;  ///< of a trusted certificate: all, with what leaves them out
};

Identity identify(const std::optional<ClientCertificate>& certificate, Choices& choices);

}  // namespace relayproof::verdict
