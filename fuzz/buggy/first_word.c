/* Takes the last word of a CN such as "Relay mail.contoso.test" for a name. */
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  if (kind == RELAY_CN)
    for (size_t i = name.size; i > 0; --i)
      if (name.at[i - 1] == ' ') {
        name = without(name, i);
        break;
      }
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
