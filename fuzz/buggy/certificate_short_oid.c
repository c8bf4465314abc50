/* Object identifiers are compared as far as the wanted one goes. */
#define OWN_EXTENSION
#include "right_certificate.h"

static int is_extension_of_names(octets oid) { return oid.size >= 3 && memcmp(oid.at, "\x55\x1d\x11", 3) == 0; }
