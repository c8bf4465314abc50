#include "certs/glob.h"

namespace relayproof {

bool globMatches(std::string_view glob, std::string_view text) {
  constexpr auto kNone = std::string_view::npos;
  std::size_t g = 0, t = 0, star = kNone, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (star != kNone) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace relayproof
