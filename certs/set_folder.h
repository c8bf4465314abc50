// Puts a fixture set on disk, whole or not at all.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "certs/fixture_set.h"

namespace relayproof::certs {

/// Writes the files beside `folder` and renames, so that neither an interruption nor a full disk leaves half a set. A
/// folder that is not empty is an Error and stays as it is; with `force` it is replaced whole, but only where it holds
/// an earlier fixture set. Private keys get mode 0600. Gives the number of files.
Expected<std::size_t> writeFolder(const std::string& folder, const std::vector<SetFile>& files, bool force);

/// filesOf and writeFolder in one.
Expected<std::size_t> writeSet(const std::string& folder, const FixtureSet& set, const Mint& mint, bool withPkcs12,
                               bool force);

}  // namespace relayproof::certs
