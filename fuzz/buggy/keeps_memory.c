/* Folds a copy of the name, which is not given back where the name is none. */
#include <stdlib.h>

#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  uint8_t* volatile copy = malloc(name.size + 1);
  memcpy(copy, name.at, name.size);
  if (!is_name(name)) {
    copy = NULL;
    return RELAY_MALFORMED;
  }
  free(copy);
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
