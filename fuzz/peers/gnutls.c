#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "peer.h"

const char* relay_peer_version(void) { return gnutls_check_version(NULL); }

int relay_match_certificate(const uint8_t* der, size_t der_size, const uint8_t* pattern, size_t pattern_size) {
  char host[PEER_HOST];
  if (!peer_host(host, pattern, pattern_size)) return RELAY_DECLINES;
  gnutls_x509_crt_t certificate;
  if (gnutls_x509_crt_init(&certificate) < 0) return RELAY_DECLINES;
  const gnutls_datum_t octets = {(unsigned char*)der, (unsigned)der_size};
  int answer = RELAY_MALFORMED;
  if (gnutls_x509_crt_import(certificate, &octets, GNUTLS_X509_FMT_DER) >= 0)
    answer = gnutls_x509_crt_check_hostname(certificate, host) ? RELAY_MATCH : RELAY_NO_MATCH;
  gnutls_x509_crt_deinit(certificate);
  return answer;
}
