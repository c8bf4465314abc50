#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug wideStringsUnread() {
  return {.name = "wide-strings-unread",
          .kind = "refusal",
          .wrong = "A common name in BMPString or UniversalString is not read.",
          .record = "RFC 5280 4.1.2.4",
          .caughtBy = {"names.cn.bmp-string", "names.cn.universal-string"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              names.commonNames.clear();
              const X509_NAME* subject = X509_get_subject_name(sent.leaf);
              for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
                const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
                const int type = ASN1_STRING_type(value);
                const bool wide = type == V_ASN1_BMPSTRING || type == V_ASN1_UNIVERSALSTRING;
                if (!wide) names.commonNames.push_back(decodeText(value));
              }
            };
          }};
}

}  // namespace relayproof::reference::bugs
