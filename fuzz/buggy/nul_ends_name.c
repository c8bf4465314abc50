/* A NUL ends the name, as in every C string (CVE-2009-2408, CVE-2013-4238). */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  name.size = strnlen((const char*)name.at, name.size);
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
