/* Trims white space at both ends. */
#define OWN_MATCHES
#include "right.h"

static int is_space(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  while (name.size > 0 && is_space(name.at[0])) name = without(name, 1);
  while (name.size > 0 && is_space(name.at[name.size - 1])) --name.size;
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
