#include <string_view>

#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {
namespace {

void replaceAll(std::string& text, std::string_view what, char by) {
  std::string changed;
  for (std::size_t at = 0; at < text.size();) {
    const bool found = text.compare(at, what.size(), what) == 0;
    changed.push_back(found ? by : text[at]);
    at += found ? what.size() : 1;
  }
  text = changed;
}

}  // namespace

KnownBug unicodeCaseFolding() {
  return {.name = "unicode-case-folding",
          .kind = "hole",
          .wrong = "The Kelvin sign and the long s fold to k and s.",
          .record = "gateway practice",
          .caughtBy = {"hostile.names.cn-kelvin-sign", "hostile.names.cn-long-s", "hostile.names.kelvin-sign",
                       "hostile.names.long-s"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates&, CertificateNames& names) {
              eachText(names, [](std::string& name) {
                replaceAll(name, "\u212A", 'k');
                replaceAll(name, "\u017F", 's');
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
