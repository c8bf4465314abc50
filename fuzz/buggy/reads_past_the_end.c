/* Looks for the NUL that a C string would have. */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  return !is_wild(name) && same((octets){name.at, pattern.size}, pattern) && name.at[pattern.size] == 0;
}
