#include "runners/reference/bugs/names.h"

namespace relayproof::reference::bugs {

std::string octetsOf(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

void eachAlternative(const X509* certificate, int type, const std::function<void(const GENERAL_NAME&)>& visit) {
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i)
    if (const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i); name->type == type) visit(*name);
  GENERAL_NAMES_free(names);
}

void eachText(CertificateNames& names, const std::function<void(std::string&)>& visit) {
  for (auto& name : names.commonNames)
    if (name) visit(*name);
  for (std::string& name : names.dnsNames) visit(name);
}

void addCommonNames(const X509_NAME* name, CertificateNames& names) {
  for (int at = -1; (at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0;)
    names.commonNames.push_back(decodeText(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))));
}

void addNames(const X509* certificate, CertificateNames& names) {
  const CertificateNames more = readNames(certificate);
  names.commonNames.insert(names.commonNames.end(), more.commonNames.begin(), more.commonNames.end());
  names.dnsNames.insert(names.dnsNames.end(), more.dnsNames.begin(), more.dnsNames.end());
}

}  // namespace relayproof::reference::bugs
