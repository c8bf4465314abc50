#include "runners/relayproof/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "conformance/catalogue/guise.h"

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
    std::string text = report::failureText(result, style_);
    // What is wrong of the case as it stands was told at length.
    const auto plain = outcomes_.find(result.id.substr(0, result.id.find('~')));
    if (catalogue::namesGuise(result.id) && plain != outcomes_.end() && plain->second == result.outcome)
      text.resize(text.find('\n') + 1);
    std::cout << text << std::flush;
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
