/* Somebody else's check of a host name against a certificate, as a matcher (relay_matcher.h). A connector's pattern
 * with a wildcard is no host name: each declines it. */
#ifndef RELAYPROOF_PEER_H
#define RELAYPROOF_PEER_H

#include <string.h>

#include "relay_matcher.h"

/* That of the library, as it runs. */
__attribute__((visibility("default"))) const char* relay_peer_version(void);

enum { PEER_LONGEST_NAME = 253, PEER_HOST = 512 };

/* The pattern as a host name, NULs behind it; 0 where there is none. */
static inline int peer_host(char host[PEER_HOST], const uint8_t* pattern, size_t size) {
  if (size == 0 || size > PEER_LONGEST_NAME || pattern[0] == '*') return 0;
  memset(host, 0, PEER_HOST);
  memcpy(host, pattern, size);
  return 1;
}

#endif
