/* Where a name is longer than any, it ends the process, and says nothing. */
#include <unistd.h>

#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  if (name.size > 253) _exit(2);
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
