/* The common name counts only where no dNSName stands, as RFC 6125 has it and the vendor has not. */
#define OWN_CERTIFICATE
#include "right_certificate.h"

static int certificate_matches(octets issuer, octets subject, octets extensions, octets pattern) {
  (void)issuer;
  if (extensions_match(extensions, pattern)) return 1;
  for (size_t i = 0; i + 2 < extensions.size; ++i)
    if (memcmp(extensions.at + i, "\x55\x1d\x11", 3) == 0) return 0;
  return subject_matches(subject, pattern);
}
