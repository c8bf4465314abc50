#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug emptyLabelsCollapsed() {
  return {.name = "empty-labels-collapsed",
          .kind = "hole",
          .wrong = "Empty labels of a name are taken away before it is compared.",
          .record = "gateway practice",
          .caughtBy = {"hostile.names.empty-label", "hostile.names.leading-dot", "wildcard.connector.empty-label",
                       "wildcard.connector.empty-label-cn", "wildcard.connector.empty-label-within",
                       "wildcard.connector.empty-label-within-cn", "wildcard.presented.empty-label-behind",
                       "wildcard.presented.empty-label-behind-cn"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              eachText(names, [](std::string& name) {
                for (std::size_t at; (at = name.find("..")) != std::string::npos;) name.erase(at, 1);
                if (name.starts_with('.')) name.erase(0, 1);
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
