#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug caseSensitiveMatch() {
  return {.name = "case-sensitive-match",
          .kind = "refusal",
          .wrong = "The case of letters counts.",
          .record = "RFC 4343",
          .caughtBy = {"names.cn.mixed-case", "names.dns.a-label-upper-case", "names.dns.connector-in-mixed-case",
                       "names.dns.every-letter-in-upper-case", "names.dns.upper-case",
                       "partner.mixed-case-connector-certificate", "pki.chain.permitted-name-upper-case",
                       "wildcard.connector.upper-case"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              const std::string& written = connector.certificateNameAsWritten;
              const std::string_view domain =
                  connector.certificateName.wildcard ? std::string_view(written).substr(2) : written;
              return matches(behaviour, connector.certificateName, presented) &&
                     presented.octets.ends_with(isWildcard(presented.name) ? parentOf(domain) : domain);
            };
          }};
}

}  // namespace relayproof::reference::bugs
