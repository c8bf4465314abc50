// The shards of one run become one report.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/result/model.h"

namespace relayproof::result {

/// Each report beside the file that it was read from. A case that stands in several (controls run in every shard)
/// counts as the gravest of its results; the fingerprint is reckoned anew over all. Errors: reports of different
/// catalogues, plans, profiles or seeds; a shard that is missing or there twice.
Expected<Report> merge(const std::vector<std::pair<std::string, Report>>& reports);

}  // namespace relayproof::result
