#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include "peer.h"

const char* relay_peer_version(void) {
  static char version[18];
  mbedtls_version_get_string(version);
  return version;
}

/* The only way to its check of names is its check of chains: of what that says, the name's flag alone counts. */
int relay_match_certificate(const uint8_t* der, size_t der_size, const uint8_t* pattern, size_t pattern_size) {
  char host[PEER_HOST];
  if (!peer_host(host, pattern, pattern_size)) return RELAY_DECLINES;
  mbedtls_x509_crt certificate;
  mbedtls_x509_crt_init(&certificate);
  int answer = RELAY_MALFORMED;
  if (mbedtls_x509_crt_parse_der(&certificate, der, der_size) == 0) {
    uint32_t flags = 0;
    mbedtls_x509_crt_verify(&certificate, NULL, NULL, host, &flags, NULL, NULL);
    answer = (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) ? RELAY_NO_MATCH : RELAY_MATCH;
  }
  mbedtls_x509_crt_free(&certificate);
  return answer;
}
