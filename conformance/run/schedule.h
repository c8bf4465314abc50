// The order of a run. A denial proves something only beside its twin, so the two run within one batch, and between
// batches the controls run.
#pragma once

#include <string>
#include <vector>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::run {

struct Batch {
  std::vector<const catalogue::Case*> cases;  ///< twins before those that need them
};

struct Schedule {
  std::vector<const catalogue::Case*> controls;
  std::vector<Batch> batches;
  std::size_t sessions() const;                     ///< controls before the first and after each batch included
  std::vector<const catalogue::Case*> all() const;  ///< each once
};

/// Whether the client keeps still for a while somewhere in its dialogue.
bool waits(const catalogue::Case& one);

/// Cases between two runs of the controls.
inline constexpr std::size_t kBatchSize = 48;

/// At most `size` cases of the selection a batch, and the twins that they need. Cases of one twin stay together; those
/// that wait come last, so that they wait in one batch.
Schedule schedule(const catalogue::Catalogue& catalogue, const std::vector<const catalogue::Case*>& selected,
                  const std::vector<const catalogue::Case*>& controls, const std::string& profile, std::size_t size);

}  // namespace relayproof::run
