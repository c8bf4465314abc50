/* Compares as many octets as the pattern has (CVE-2009-3024). */
#define OWN_EXACT
#include "right.h"

static int matches_exact(octets name, octets pattern) {
  if (name.size < pattern.size) return 0;
  return same((octets){name.at, pattern.size}, pattern);
}
