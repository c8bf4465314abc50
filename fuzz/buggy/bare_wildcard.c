/* A presented `*` stands for every name. */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  if (name.size == 1 && name.at[0] == '*') return RELAY_MATCH;
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
