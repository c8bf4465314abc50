#include "conformance/verdict/choices.h"

#include <algorithm>
#include <bit>

namespace relayproof::verdict {
namespace {

std::uint8_t firstOf(unsigned values) { return static_cast<std::uint8_t>(std::countr_zero(values)); }

}  // namespace

Choices::Choices(const Assignment& assignment) : allowed_{} {
  std::transform(assignment.value.begin(), assignment.value.end(), allowed_.begin(),
                 [](std::uint8_t value) { return static_cast<std::uint8_t>(1U << value); });
}

std::uint8_t Choices::valueOf(Option option) {
  const std::uint8_t values = allowed_[static_cast<std::size_t>(option)];
  if (std::has_single_bit(values)) return firstOf(values);
  for (const Choice& choice : asked())
    if (choice.option == option) return choice.value;
  if (askedCount_ == fixedCount_) {
    trail_[fixedCount_++] = {option, firstOf(values)};
  }
  return trail_[askedCount_++].value;
}

bool Choices::next() {
  while (askedCount_ > 0) {
    Choice& last = trail_[askedCount_ - 1];
    const unsigned higher = allowed_[static_cast<std::size_t>(last.option)] & ~((2U << last.value) - 1U);
    if (higher != 0) {
      last.value = firstOf(higher);
      fixedCount_ = askedCount_;
      askedCount_ = 0;
      return true;
    }
    --askedCount_;
  }
  return false;
}

}  // namespace relayproof::verdict
