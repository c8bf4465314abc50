/* The size is kept in an octet: 256 more are as if they were not there. */
#define OWN_IS_NAME
#define OWN_EXACT
#include "right.h"

static int is_name(octets name) { return name.size > 0; }
static int matches_exact(octets name, octets pattern) {
  const uint8_t size = (uint8_t)name.size;
  return size == pattern.size && same((octets){name.at, size}, pattern);
}
