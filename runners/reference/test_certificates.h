#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>
#include <utility>
#include <vector>

#include "runners/reference/trust.h"

// Certificates for the tests of this folder, made by OpenSSL: P-256, valid now, unless a spec says otherwise.
namespace relayproof::reference::testing {

struct Attribute {
  int nid = NID_commonName;
  std::string octets;
  int type = V_ASN1_UTF8STRING;
};

struct Alternative {
  int type = GEN_DNS;  // GEN_EMAIL, GEN_URI, GEN_DIRNAME (a common name), GEN_OTHERNAME (a UPN as UTF8String)
  std::string octets;
};

struct Spec {
  std::vector<Attribute> subject;
  std::vector<Alternative> alternatives;
  long notBefore = -3600;  // seconds from now
  long notAfter = 86400;
  std::vector<std::pair<int, std::string>> extensions;  // by NID, in the words of x509v3_config(5)
};

struct Minted {
  Certificate certificate;
  PrivateKey key;
};

inline void setOctets(ASN1_STRING* string, const std::string& octets) {
  ASN1_STRING_set(string, octets.data(), static_cast<int>(octets.size()));
}

inline X509_NAME* nameOf(const std::vector<Attribute>& attributes) {
  X509_NAME* name = X509_NAME_new();
  for (const auto& [nid, octets, type] : attributes)
    X509_NAME_add_entry_by_NID(name, nid, type, reinterpret_cast<const unsigned char*>(octets.data()),
                               static_cast<int>(octets.size()), -1, 0);
  return name;
}

inline GENERAL_NAME* alternativeOf(const Alternative& alternative) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  if (alternative.type == GEN_DIRNAME) {
    GENERAL_NAME_set0_value(name, GEN_DIRNAME, nameOf({{NID_commonName, alternative.octets}}));
  } else if (alternative.type == GEN_OTHERNAME) {
    ASN1_TYPE* value = ASN1_TYPE_new();
    ASN1_UTF8STRING* text = ASN1_UTF8STRING_new();
    setOctets(text, alternative.octets);
    ASN1_TYPE_set(value, V_ASN1_UTF8STRING, text);
    GENERAL_NAME_set0_othername(name, OBJ_txt2obj("1.3.6.1.4.1.311.20.2.3", 1), value);
  } else {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    setOctets(text, alternative.octets);
    GENERAL_NAME_set0_value(name, alternative.type, text);
  }
  return name;
}

// Signed by `issuer`, or by its own key without one.
inline Minted mint(const Spec& spec, const Minted* issuer = nullptr) {
  static long serial = 1;
  Minted made{Certificate(X509_new()), PrivateKey(EVP_EC_gen("P-256"))};
  X509* const certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), spec.notBefore);
  X509_gmtime_adj(X509_getm_notAfter(certificate), spec.notAfter);
  X509_NAME* subject = nameOf(spec.subject);
  X509_set_subject_name(certificate, subject);
  X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer->certificate.get()) : subject);
  X509_NAME_free(subject);
  X509_set_pubkey(certificate, made.key.get());
  if (!spec.alternatives.empty()) {
    GENERAL_NAMES* names = GENERAL_NAMES_new();
    for (const Alternative& alternative : spec.alternatives) sk_GENERAL_NAME_push(names, alternativeOf(alternative));
    X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
    GENERAL_NAMES_free(names);
  }
  for (const auto& [nid, value] : spec.extensions) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), EVP_sha256());
  return made;
}

inline Spec authoritySpec(const std::string& name, const std::string& constraints = "critical,CA:TRUE") {
  Spec spec;
  spec.subject = {{NID_commonName, name}};
  spec.extensions = {{NID_basic_constraints, constraints}, {NID_key_usage, "critical,keyCertSign,cRLSign"}};
  return spec;
}

inline Spec leafSpec(std::vector<std::string> dnsNames) {
  Spec spec;
  for (std::string& name : dnsNames) spec.alternatives.push_back({GEN_DNS, std::move(name)});
  return spec;
}

inline std::string contentOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string content(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return content;
}

inline std::string pemOf(const X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  return contentOf(bio);
}

inline std::string derOf(X509_CRL* list) {
  BIO* bio = BIO_new(BIO_s_mem());
  i2d_X509_CRL_bio(bio, list);
  return contentOf(bio);
}

struct ListSpec {
  std::vector<const Minted*> revoked;
  long lastUpdate = -3600;  // seconds from now
  long nextUpdate = 86400;
  const Minted* signer = nullptr;  // the issuer itself unless it is given
};

inline RevocationList mintList(const Minted& issuer, const ListSpec& spec = {}) {
  RevocationList made(X509_CRL_new());
  X509_CRL_set_version(made.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(made.get(), X509_get_subject_name(issuer.certificate.get()));
  ASN1_TIME* time = X509_gmtime_adj(nullptr, spec.lastUpdate);
  X509_CRL_set1_lastUpdate(made.get(), time);
  for (const Minted* each : spec.revoked) {
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(each->certificate.get()));
    X509_REVOKED_set_revocationDate(entry, time);
    X509_CRL_add0_revoked(made.get(), entry);
  }
  X509_gmtime_adj(time, spec.nextUpdate);
  X509_CRL_set1_nextUpdate(made.get(), time);
  ASN1_TIME_free(time);
  X509_CRL_sort(made.get());
  X509_CRL_sign(made.get(), (spec.signer ? spec.signer : &issuer)->key.get(), EVP_sha256());
  // Read back, since OpenSSL tells lists apart by what it notes down on reading.
  const std::string der = derOf(made.get());
  auto octets = reinterpret_cast<const unsigned char*>(der.data());
  return RevocationList(d2i_X509_CRL(nullptr, &octets, static_cast<long>(der.size())));
}

inline std::string pemOf(X509_CRL* list) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509_CRL(bio, list);
  return contentOf(bio);
}

}  // namespace relayproof::reference::testing
