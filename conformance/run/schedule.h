// The order of a run. A denial proves something only beside its twin, so the two run within one batch, and between
// batches the controls run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::run {

/// The tag of cases in which a relay may wait for somebody else for a while.
inline constexpr std::string_view kSlow = "slow";

struct Batch {
  std::vector<const catalogue::Case*> cases;  ///< twins before those that need them
};

/// Cases that assume another tenancy than the plan's: they change the relay, and run alone and last.
struct AfterReload {
  std::vector<const catalogue::Case*> cases;  ///< as selected
  std::vector<const catalogue::Case*> twins;  ///< of these; played before the reload
  std::vector<const catalogue::Case*> shows;  ///< those that have to be accepted, or the reload has had no effect
};

struct Schedule {
  std::vector<const catalogue::Case*> controls;
  std::vector<Batch> batches;
  AfterReload afterReload;
  std::size_t sessions() const;                     ///< controls before the first, after each batch and last included
  std::vector<const catalogue::Case*> all() const;  ///< each once
};

/// Whether the client or the relay keeps still for a while somewhere in its dialogue.
bool waits(const catalogue::Case& one);

/// Cases between two runs of the controls.
inline constexpr std::size_t kBatchSize = 48;

/// The selected cases of part `index` of `count` (index from 0): a function of the case alone on which a twin depends
/// in the end, so that a case and its twin are in one part whatever else is selected.
std::vector<const catalogue::Case*> shardOf(const catalogue::Catalogue& catalogue,
                                            const std::vector<const catalogue::Case*>& selected,
                                            const std::string& profile, std::size_t index, std::size_t count);

/// At most `size` cases of the selection a batch, and the twins that they need. Cases of one twin stay together; those
/// that wait come last, so that few batches wait. `shuffle`: the seed of another order of the twins' groups.
Schedule schedule(const catalogue::Catalogue& catalogue, const std::vector<const catalogue::Case*>& selected,
                  const std::vector<const catalogue::Case*>& controls, const std::string& profile, std::size_t size,
                  std::optional<std::uint64_t> shuffle = std::nullopt);

}  // namespace relayproof::run
