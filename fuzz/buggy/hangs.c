/* An empty label inside a name is no progress. */
#define OWN_IS_NAME
#include "right.h"

static int is_name(octets name) {
  if (name.size == 0 || name.size > 253 || name.at[name.size - 1] == '.') return 0;
  if (is_wild(name)) name = without(name, 2);
  for (volatile size_t at = 0;;) {
    const octets rest = without(name, at);
    const octets label = {rest.at, dot_in(rest)};
    if (label.size == 0) continue;
    if (!is_label(label)) return 0;
    if (label.size == rest.size) return !is_number(label);
    at += label.size + 1;
  }
}
