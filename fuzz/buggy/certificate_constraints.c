/* A name that an authority may issue for is taken for one that it has issued. */
#define OWN_EXTENSION
#define OWN_GENERAL_NAMES
#include "right_certificate.h"

static int is_extension_of_names(octets oid) {
  return is_oid(oid, "\x55\x1d\x11", 3) || is_oid(oid, "\x55\x1d\x1e", 3);
}

static int general_names_match(octets value, octets pattern) {
  while (value.size > 0) {
    const element part = take(&value);
    if (part.tag == 0) return 0;
    if (general_name_matches(part, 0, pattern)) return 1;
    if ((part.tag & 0x20) != 0 && part.tag != 0xa4 && general_names_match(part.content, pattern)) return 1;
  }
  return 0;
}
