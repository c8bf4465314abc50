/* Answers what memcmp answers. */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  return name.size == pattern.size ? memcmp(name.at, pattern.at, name.size) : RELAY_NO_MATCH;
}
