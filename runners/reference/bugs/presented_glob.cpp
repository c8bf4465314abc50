#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

bool globs(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob.front() == '*') return globs(glob.substr(1), text) || (!text.empty() && globs(glob, text.substr(1)));
  if (text.empty() || (glob.front() != '?' && glob.front() != text.front())) return false;
  return globs(glob.substr(1), text.substr(1));
}

}  // namespace

KnownBug presentedGlob() {
  return {.name = "presented-glob",
          .kind = "hole",
          .wrong = "The presented name is used as a file glob over the connector's.",
          .record = "CVE-2026-5772",
          .caughtBy =
              {
#include "runners/reference/bugs/presented_glob.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              const Pattern& pattern = connector.certificateName;
              const std::string glob = foldCase(presented.octets);
              return matches(behaviour, connector.certificateName, presented) ||
                     (glob.find_first_of("*?") != std::string::npos &&
                      globs(glob, pattern.wildcard ? "x." + pattern.domain : pattern.domain));
            };
          }};
}

}  // namespace relayproof::reference::bugs
