/* Strips every trailing dot, not one. */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  while (name.size > 0 && name.at[name.size - 1] == '.') --name.size;
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
