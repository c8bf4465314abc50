/* A presented wildcard stands for several labels. */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  return is_wild(name) ? is_below(pattern, without(name, 2)) : same(name, pattern);
}
