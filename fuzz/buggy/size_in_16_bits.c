/* The size is kept in 16 bits, and checked there. */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  name.size = (uint16_t)name.size;
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
