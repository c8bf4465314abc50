// The names of a certificate as OpenSSL reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certs/identifiers.h"

namespace relayproof::fuzz {

struct OpensslNames {
  bool read = false;       ///< it takes the octets for one certificate, all of them
  bool canonical = false;  ///< what it read, written anew, is the same octets: they are DER
  std::vector<certs::PresentedIdentifier> commonNames;
  int subjectAltNames = 0;  ///< how many extensions
  bool decoded = false;     ///< each of them is GeneralNames
  bool empty = false;       ///< one of them holds no name
  bool canonicalNames = false;
  std::vector<certs::PresentedIdentifier> dnsIds;
  bool otherSubjectIdentifiers = false;
  bool uriMalformed = false;
};

OpensslNames opensslNames(std::string_view der);

}  // namespace relayproof::fuzz
