#include <string_view>

#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {
namespace {

// What follows each "DNS:" that was no name of its own.
void splitInto(const std::string& text, CertificateNames& names) {
  constexpr std::string_view prefix = "DNS:";
  for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;) {
    at += prefix.size();
    names.dnsNames.push_back(text.substr(at, text.find_first_of(", ", at) - at));
  }
  if (const std::size_t comma = text.find(','); comma != std::string::npos)
    names.dnsNames.push_back(text.substr(0, comma));
}

}  // namespace

KnownBug joinedSanTextSplit() {
  return {.name = "joined-san-text-split",
          .kind = "hole",
          .wrong = "The alternative names are joined to a text that is split at commas again.",
          .record = "CVE-2021-44532",
          .caughtBy = {"hostile.kinds.dns-text", "hostile.kinds.dns-text-without-space", "hostile.kinds.email-text",
                       "hostile.kinds.uri-text", "hostile.names.comma-after"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              const CertificateNames read = names;
              for (const std::string& name : read.dnsNames) splitInto(name, names);
              eachAlternative(sent.leaf, GEN_EMAIL,
                              [&](const GENERAL_NAME& name) { splitInto(octetsOf(name.d.rfc822Name), names); });
              eachAlternative(sent.leaf, GEN_URI, [&](const GENERAL_NAME& name) {
                splitInto(octetsOf(name.d.uniformResourceIdentifier), names);
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
