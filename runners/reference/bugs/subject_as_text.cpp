#include "runners/reference/bugs/bug.h"
#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

KnownBug subjectAsText() {
  return {.name = "subject-as-text",
          .kind = "hole",
          .wrong = "The subject is written as text and searched for CN=, which other attributes may hold.",
          .record = "CVE-2014-3577",
          .caughtBy = {"hostile.kinds.cn-within-cn", "hostile.kinds.organization-backslash",
                       "hostile.kinds.organization-comma", "hostile.kinds.organization-newline",
                       "hostile.kinds.organization-plus", "hostile.kinds.organization-slash", "hostile.kinds.unit",
                       "hostile.names.cn-equals-before"},
          .put = [](Conduct& conduct) {
            conduct.faults.misread = [](const SentCertificates& sent, CertificateNames& names) {
              std::string subject;
              const X509_NAME* name = X509_get_subject_name(sent.leaf);
              for (int i = 0; i < X509_NAME_entry_count(name); ++i)
                if (const auto text = decodeText(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i))))
                  subject += "," + *text;
              for (std::size_t at = 0; (at = subject.find("CN=", at)) != std::string::npos;) {
                at += 3;
                names.commonNames.emplace_back(subject.substr(at, subject.find_first_of(",/+\n\\\"", at) - at));
              }
            };
          }};
}

}  // namespace relayproof::reference::bugs
