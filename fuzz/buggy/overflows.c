/* A copy on the stack for names of 128 octets, and no look at the size. */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  uint8_t copy[128];
  for (size_t i = 0; i < name.size; ++i) copy[i] = name.at[i];
  return same((octets){copy, name.size}, pattern);
}
