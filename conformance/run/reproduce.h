// How a person sees a case by hand, with public tools alone.
#pragma once

#include <string>

#include "conformance/catalogue/case.h"
#include "conformance/wire/step.h"

namespace relayproof::run {

/// A shell command: printf into `openssl s_client` (or a bash /dev/tcp session where there is no TLS). It expects the
/// fixture in the folder `fixtures`, as `relayproof certs --out fixtures` writes it.
std::string reproduceCommand(const catalogue::Case& one, const std::vector<wire::Transaction>& transactions,
                             const std::string& target, const std::string& source);

}  // namespace relayproof::run
