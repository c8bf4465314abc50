/* issuerAltName is taken for subjectAltName. */
#define OWN_EXTENSION
#include "right_certificate.h"

static int is_extension_of_names(octets oid) {
  return is_oid(oid, "\x55\x1d\x11", 3) || is_oid(oid, "\x55\x1d\x12", 3);
}
