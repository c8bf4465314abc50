#pragma once

#include <openssl/x509.h>

#include <vector>

#include "runners/reference/identity.h"

// Name constraints (RFC 5280 4.2.1.10) where OpenSSL does not apply them. It takes `*` for a label like another, but
// `*.contoso.test` also stands for an excluded `mail.contoso.test`; and the standard binds a subjectAltName alone, so
// that whether a common name is bound too is an option.
namespace relayproof::reference {

// Is each name wholly inside what each authority of the verified chain permits, and wholly outside of what it excludes?
// Malformed names are not asked.
bool areWithinConstraints(const STACK_OF(X509) * chain, const std::vector<Presented>& names);

// The same of the DNS-IDs with a wildcard alone.
bool wildcardsAreWithinConstraints(const STACK_OF(X509) * chain, const Identity& identity);

}  // namespace relayproof::reference
