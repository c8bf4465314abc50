/* Folds the caller's octets. */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  for (size_t i = 0; i < name.size; ++i) ((uint8_t*)name.at)[i] = (uint8_t)lower(name.at[i]);
  return !is_wild(name) && same(name, pattern);
}
