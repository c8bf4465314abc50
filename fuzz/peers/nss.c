#include <cert.h>
#include <nss.h>

#include "peer.h"

const char* relay_peer_version(void) { return NSS_GetVersion(); }

int relay_match_certificate(const uint8_t* der, size_t der_size, const uint8_t* pattern, size_t pattern_size) {
  char host[PEER_HOST];
  if (!peer_host(host, pattern, pattern_size)) return RELAY_DECLINES;
  if (!NSS_IsInitialized() && NSS_NoDB_Init(NULL) != SECSuccess) return RELAY_DECLINES;
  SECItem octets = {siBuffer, (unsigned char*)der, (unsigned)der_size};
  CERTCertificate* certificate = CERT_NewTempCertificate(CERT_GetDefaultCertDB(), &octets, NULL, PR_FALSE, PR_TRUE);
  if (!certificate) return RELAY_MALFORMED;
  const SECStatus matches = CERT_VerifyCertName(certificate, host);
  CERT_DestroyCertificate(certificate);
  return matches == SECSuccess ? RELAY_MATCH : RELAY_NO_MATCH;
}
