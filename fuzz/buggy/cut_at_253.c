/* What is too long is cut instead of refused. */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  if (name.size > 253) name = without(name, name.size - 253);
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
