/* A matcher of whole certificates, by OpenSSL: every common name and every dNSName, each asked of relay_match_name.
 *
 *   clang-19 -g -O1 -fsanitize=fuzzer-no-link,address -shared -fPIC -Ifuzz -o my_matcher.so \
 *     fuzz/examples/certificate_matcher.c fuzz/examples/matcher.c -lcrypto
 */
#include <openssl/x509v3.h>

#include "relay_matcher.h"

static int matches_common_name(X509* certificate, const uint8_t* pattern, size_t pattern_size) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
    unsigned char* text = NULL;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    const int match =
        size < 0 ? RELAY_MALFORMED : relay_match_name(RELAY_CN, text, (size_t)size, pattern, pattern_size);
    OPENSSL_free(text);
    if (match == RELAY_MATCH) return 1;
  }
  return 0;
}

static int matches_dns_name(X509* certificate, const uint8_t* pattern, size_t pattern_size) {
  GENERAL_NAMES* names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  int match = 0;
  for (int i = 0; !match && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS) continue;
    const ASN1_IA5STRING* octets = name->d.dNSName;
    match = relay_match_name(RELAY_DNS_ID, ASN1_STRING_get0_data(octets), (size_t)ASN1_STRING_length(octets), pattern,
                             pattern_size) == RELAY_MATCH;
  }
  GENERAL_NAMES_free(names);
  return match;
}

int relay_match_certificate(const uint8_t* der, size_t der_size, const uint8_t* pattern, size_t pattern_size) {
  X509* certificate = d2i_X509(NULL, &der, (long)der_size);
  if (!certificate) return RELAY_MALFORMED;
  const int match =
      matches_common_name(certificate, pattern, pattern_size) || matches_dns_name(certificate, pattern, pattern_size);
  X509_free(certificate);
  return match ? RELAY_MATCH : RELAY_NO_MATCH;
}
