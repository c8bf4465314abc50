/* Compares as many octets as the name has. */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  if (is_wild(name) || name.size > pattern.size) return 0;
  return same(name, (octets){pattern.at, name.size});
}
