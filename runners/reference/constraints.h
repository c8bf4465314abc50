#pragma once

#include <openssl/x509.h>

#include "runners/reference/identity.h"

// Name constraints (RFC 5280 4.2.1.10) against presented wildcards. OpenSSL takes `*` for a label like another, and a
// common name with a wildcard for none at all; but `*.contoso.test` also stands for an excluded `mail.contoso.test`.
namespace relayproof::reference {

// Is every wildcard of the leaf wholly inside what each authority of the verified chain permits, and wholly outside of
// what it excludes?
bool wildcardsAreWithinConstraints(const STACK_OF(X509) * chain, const Identity& identity);

}  // namespace relayproof::reference
