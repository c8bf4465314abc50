// Which options does an outcome hang on? The outcomes of all combinations as a decision tree, in which a question whose
// answers all lead to the same is left out.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "conformance/verdict/choices.h"

namespace relayproof::verdict {

/// One combination: what was asked, in the order of asking, and what came out of it (a number of the caller's).
struct Combination {
  std::array<Choices::Choice, kOptionCount> trail{};
  std::size_t length = 0;
  std::size_t outcome = 0;
};

/// The options o for which two combinations that differ only in o have different outcomes, in the order of Option.
/// `combinations` are all that Choices::next visits, in its order.
std::vector<Option> optionsThatMatter(std::span<const Combination> combinations);

}  // namespace relayproof::verdict
