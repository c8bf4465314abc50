#include "runners/relayproof/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace relayproof {
namespace {

constexpr std::size_t kBarWidth = 30;

}  // namespace

void Progress::finished(const result::CaseResult& result, double now) {
  if (start_ == 0) start_ = now;
  const bool again = !outcomes_.emplace(result.id, result.outcome).second;
  outcomes_[result.id] = result.outcome;
  const bool failed = result.outcome == result::Outcome::fail || result.outcome == result::Outcome::error;
  if (failed) {
    clear();
    std::cout << report::failureText(result, style_) << std::flush;
  } else if (!terminal_ && !style_.quiet) {
    std::cout << fmt::format("{:<12} {}{}\n", result::name(result.outcome), result.id, again ? " (judged again)" : "")
              << std::flush;
  }
  if (!terminal_ || style_.quiet) return;

  const std::size_t done = std::min(outcomes_.size(), total_);
  const std::size_t filled = total_ ? kBarWidth * done / total_ : kBarWidth;
  const auto fails = std::count_if(outcomes_.begin(), outcomes_.end(),
                                   [](const auto& o) { return o.second == result::Outcome::fail; });
  const double left = done ? (now - start_) / static_cast<double>(done) * static_cast<double>(total_ - done) : 0;
  std::cout << fmt::format("\r[{}{}] {}/{}  {} failed  {:.0f} s left \033[K", std::string(filled, '#'),
                           std::string(kBarWidth - filled, '.'), done, total_, fails, left)
            << std::flush;
}

void Progress::clear() const {
  if (terminal_ && !style_.quiet) std::cout << "\r\033[K" << std::flush;
}

}  // namespace relayproof
