// The domain that a mail path belongs to. RFC 5321 4.1.2: source routes, quoted local parts; the local part is opaque.
#pragma once

#include <optional>
#include <string_view>

#include "conformance/verdict/domain_pattern.h"

namespace relayproof::verdict {

/// The domain of a path: what follows the last unquoted `@`, a source route dropped first. nullopt: null path, no
/// domain, an address literal, or no domain name. `path` stands without its angle brackets.
std::optional<DomainName> domainOfPath(std::string_view path);

/// Whether MAIL or RCPT may say it (RFC 5321 4.1.2): the null path, a bare Postmaster, or a mailbox; octets beyond
/// ASCII are taken for a mailbox's (RFC 6531). What is no path may be refused as bad syntax.
bool isPath(std::string_view path);

/// `Postmaster` by itself, in any case: the one recipient without a domain (RFC 5321 4.5.1).
bool isBarePostmaster(std::string_view path);

}  // namespace relayproof::verdict
