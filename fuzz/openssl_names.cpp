#include "fuzz/openssl_names.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <memory>

#include "certs/certificate_walk.h"
#include "certs/string_type.h"

namespace relayproof::fuzz {
namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(unsigned char* octets) const { OPENSSL_free(octets); }
};

const unsigned char* begin(std::string_view octets) { return reinterpret_cast<const unsigned char*>(octets.data()); }

std::string_view octetsOf(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

template <class Write>
bool isRewritten(std::string_view octets, Write write) {
  unsigned char* raw = nullptr;
  const int size = write(&raw);
  const std::unique_ptr<unsigned char, Free> written(raw);
  return size >= 0 && std::string_view(reinterpret_cast<char*>(raw), static_cast<std::size_t>(size)) == octets;
}

// Whether the names inside are DER, too: OpenSSL keeps the octets of a Name as they came.
bool isCanonicalName(const X509_NAME* name) {
  X509_NAME* copy = X509_NAME_dup(name);
  const unsigned char* octets = nullptr;
  std::size_t size = 0;
  X509_NAME_get0_der(copy, &octets, &size);
  // An entry that is taken out and put back has it written anew.
  bool same = copy != nullptr;
  if (same) {
    X509_NAME* anew = X509_NAME_new();
    for (int i = 0; i < X509_NAME_entry_count(copy); ++i) {
      X509_NAME_ENTRY* entry = X509_NAME_get_entry(copy, i);
      const bool joined = i > 0 && X509_NAME_ENTRY_set(entry) == X509_NAME_ENTRY_set(X509_NAME_get_entry(copy, i - 1));
      X509_NAME_add_entry(anew, entry, -1, joined ? -1 : 0);
    }
    same = isRewritten({reinterpret_cast<const char*>(octets), size},
                       [&](unsigned char** out) { return i2d_X509_NAME(anew, out); });
    X509_NAME_free(anew);
  }
  X509_NAME_free(copy);
  return same;
}

void readSubject(X509* certificate, OpensslNames& names) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    names.commonNames.push_back({certs::IdentifierKind::commonName,
                                 certs::stringTypeOfTag(static_cast<std::uint8_t>(ASN1_STRING_type(value))),
                                 std::string(octetsOf(value))});
  }
}

void readNames(GENERAL_NAMES* all, OpensslNames& names) {
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all, i);
    if (name->type == GEN_DNS)
      names.dnsIds.push_back(
          {certs::IdentifierKind::dnsId, certs::StringType::ia5, std::string(octetsOf(name->d.dNSName))});
    const ASN1_OBJECT* type = name->type == GEN_OTHERNAME ? name->d.otherName->type_id : nullptr;
    const bool srv = type != nullptr && std::string_view(reinterpret_cast<const char*>(OBJ_get0_data(type)),
                                                         OBJ_length(type)) == certs::kSrvNameOid;
    if (name->type == GEN_URI)
      for (const char octet : octetsOf(name->d.uniformResourceIdentifier))
        names.uriMalformed |= octet <= ' ' || octet > '~';
    if (name->type == GEN_URI || srv) names.otherSubjectIdentifiers = true;
    if (name->type == GEN_DIRNAME && !isCanonicalName(name->d.directoryName)) names.canonicalNames = false;
  }
}

}  // namespace

OpensslNames opensslNames(std::string_view der) {
  OpensslNames names;
  const unsigned char* at = begin(der);
  const std::unique_ptr<X509, Free> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate || at != begin(der) + der.size()) return names;
  names.read = true;
  readSubject(certificate.get(), names);
  names.decoded = names.canonicalNames = true;
  for (int place = -1; (place = X509_get_ext_by_NID(certificate.get(), NID_subject_alt_name, place)) >= 0;) {
    ++names.subjectAltNames;
    const std::string_view value = octetsOf(X509_EXTENSION_get_data(X509_get_ext(certificate.get(), place)));
    const unsigned char* inner = begin(value);
    const std::unique_ptr<GENERAL_NAMES, Free> all(d2i_GENERAL_NAMES(nullptr, &inner, static_cast<long>(value.size())));
    ERR_clear_error();
    if (!all || inner != begin(value) + value.size()) {
      names.decoded = false;
      continue;
    }
    names.empty = names.empty || sk_GENERAL_NAME_num(all.get()) == 0;
    names.canonicalNames = names.canonicalNames &&
                           isRewritten(value, [&](unsigned char** out) { return i2d_GENERAL_NAMES(all.get(), out); });
    readNames(all.get(), names);
  }
  const bool canonicalNames = isCanonicalName(X509_get_subject_name(certificate.get())) &&
                              isCanonicalName(X509_get_issuer_name(certificate.get()));
  X509* raw = certificate.get();
  names.canonical = canonicalNames && isRewritten(der, [&](unsigned char** out) {
                      if (i2d_re_X509_tbs(raw, nullptr) < 0) return -1;
                      return i2d_X509(raw, out);
                    });
  ERR_clear_error();
  return names;
}

}  // namespace relayproof::fuzz
