/* Folds case as Unicode does: the sign of the Kelvin is a k, the long s is an s. */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  uint8_t folded[256];
  size_t size = 0;
  if (name.size > 253) return RELAY_MALFORMED;
  for (size_t i = 0; i < name.size; ++i) {
    const octets rest = without(name, i);
    if (kind == RELAY_CN && rest.size >= 3 && memcmp(rest.at, "\xE2\x84\xAA", 3) == 0)
      folded[size++] = 'k', i += 2;
    else if (kind == RELAY_CN && rest.size >= 2 && memcmp(rest.at, "\xC5\xBF", 2) == 0)
      folded[size++] = 's', i += 1;
    else
      folded[size++] = name.at[i];
  }
  name = (octets){folded, size};
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
