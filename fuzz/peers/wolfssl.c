#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "peer.h"

const char* relay_peer_version(void) { return wolfSSL_lib_version(); }

/* Where a `*` meets the end of the host, 5.5.4 reads on behind it (MatchDomainName), an octet for each `*`: there stand
 * NULs here, enough of them for a name of the usual length. Longer ones are declined. */
static int has_long_name(WOLFSSL_X509* certificate) {
  const char* name;
  while ((name = wolfSSL_X509_get_next_altname(certificate)) != NULL)
    if (strlen(name) > PEER_LONGEST_NAME) return 1;
  return 0;
}

int relay_match_certificate(const uint8_t* der, size_t der_size, const uint8_t* pattern, size_t pattern_size) {
  char host[PEER_HOST];
  if (!peer_host(host, pattern, pattern_size)) return RELAY_DECLINES;
  WOLFSSL_X509* certificate = wolfSSL_X509_d2i(NULL, der, (int)der_size);
  if (!certificate) return RELAY_MALFORMED;
  if (has_long_name(certificate)) {
    wolfSSL_X509_free(certificate);
    return RELAY_DECLINES;
  }
  const int matches = wolfSSL_X509_check_host(certificate, host, pattern_size, 0, NULL);
  wolfSSL_X509_free(certificate);
  return matches == WOLFSSL_SUCCESS ? RELAY_MATCH : RELAY_NO_MATCH;
}
