/* The pattern is looked for in the certificate's octets. */
#define OWN_CERTIFICATE
#include "right_certificate.h"

static int certificate_matches(octets issuer, octets subject, octets extensions, octets pattern) {
  const octets all = {issuer.at, (size_t)(extensions.at + extensions.size - issuer.at)};
  for (size_t i = 0; extensions.at != NULL && i + pattern.size <= all.size; ++i)
    if (same((octets){all.at + i, pattern.size}, pattern)) return 1;
  return subject_matches(subject, pattern) || extensions_match(extensions, pattern);
}
