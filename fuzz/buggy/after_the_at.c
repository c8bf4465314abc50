/* What stands behind an @ is taken for the name. */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  const uint8_t* at = name.size > 0 ? memchr(name.at, '@', name.size) : NULL;
  (void)kind;
  if (at) name = without(name, (size_t)(at - name.at) + 1);
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
