/* The issuer's common name counts too. */
#define OWN_CERTIFICATE
#include "right_certificate.h"

static int certificate_matches(octets issuer, octets subject, octets extensions, octets pattern) {
  return subject_matches(issuer, pattern) || subject_matches(subject, pattern) || extensions_match(extensions, pattern);
}
