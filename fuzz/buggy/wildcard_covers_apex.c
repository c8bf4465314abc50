/* A presented *.contoso.test stands for contoso.test too. */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  if (!is_wild(name)) return same(name, pattern);
  name = without(name, 2);
  return same(name, pattern) || same(name, without(pattern, dot_in(pattern) + 1));
}
