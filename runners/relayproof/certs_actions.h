// What `relayproof certs` does with certificates that are there already.
#pragma once

#include <string>
#include <vector>

#include "runners/relayproof/command.h"

namespace relayproof {

/// `certs lint`: what certificates, whoever issued them, would match, and what is wrong with them. `paths`: PEM files,
/// each a chain with the leaf first, or folders of them. Gives status 1 where one has a fault. Throws Error for a file
/// that cannot be read or holds no certificate.
int lintCertificates(const Arguments& arguments, const std::vector<std::string>& paths);

/// `certs diff`: what two sets (folders with a manifest) say differently of their certificates, keys, serials and
/// digests aside. Gives status 1 where they differ. Throws Error for a manifest that cannot be read.
int diffSets(const std::vector<std::string>& folders);

}  // namespace relayproof
