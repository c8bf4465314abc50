#include <string_view>

#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug otherNameAsDns() {
  return {.name = "other-name-as-dns",
          .kind = "hole",
          .wrong = "The text of an otherName counts as a dNSName.",
          .record = "CVE-2022-21656",
          .caughtBy = {"hostile.kinds.every-kind-but-dns", "hostile.kinds.mailbox-name",
                       "hostile.kinds.other-name-unknown", "hostile.kinds.principal-name", "hostile.kinds.srv",
                       "hostile.kinds.srv-bare", "hostile.kinds.xmpp-address", "hostile.kinds.xmpp-domain"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              eachAlternative(sent.leaf, GEN_OTHERNAME, [&](const GENERAL_NAME& name) {
                const ASN1_TYPE* value = name.d.otherName->value;
                if (value->type != V_ASN1_UTF8STRING && value->type != V_ASN1_IA5STRING) return;
                const std::string text = octetsOf(value->value.asn1_string);
                names.dnsNames.push_back(text.substr(text.rfind('@') + 1));
                constexpr std::string_view service = "_smtp.";
                if (text.starts_with(service)) names.dnsNames.push_back(text.substr(service.size()));
              });
            };
          }};
}

}  // namespace relayproof::reference::bugs
