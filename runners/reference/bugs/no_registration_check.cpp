#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug noRegistrationCheck() {
  return {.name = "no-registration-check",
          .kind = "hole",
          .wrong = "Step 3b holds without a registered domain.",
          .record = "gateway practice",
          .caughtBy =
              {
#include "runners/reference/bugs/no_registration_check.inc"
              },
          .put = [](Conduct& conduct) {
            conduct.steps.registered = [](const Behaviour&, const Tenant&, std::string_view) { return true; };
          }};
}

}  // namespace relayproof::reference::bugs
