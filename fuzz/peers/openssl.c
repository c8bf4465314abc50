#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include "peer.h"

const char* relay_peer_version(void) { return OpenSSL_version(OPENSSL_VERSION_STRING); }

int relay_match_certificate(const uint8_t* der, size_t der_size, const uint8_t* pattern, size_t pattern_size) {
  char host[PEER_HOST];
  if (!peer_host(host, pattern, pattern_size)) return RELAY_DECLINES;
  X509* certificate = d2i_X509(NULL, &der, (long)der_size);
  if (!certificate) return RELAY_MALFORMED;
  const int matches = X509_check_host(certificate, host, pattern_size, 0, NULL);
  X509_free(certificate);
  return matches == 1 ? RELAY_MATCH : matches == 0 ? RELAY_NO_MATCH : RELAY_MALFORMED;
}
