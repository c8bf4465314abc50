/* WHERE :pattern LIKE name: `_` stands for any octet. */
#define OWN_SAME
#include "right.h"

static int same(octets a, octets b) {
  if (a.size != b.size) return 0;
  for (size_t i = 0; i < a.size; ++i)
    if (a.at[i] != '_' && lower(a.at[i]) != lower(b.at[i])) return 0;
  return 1;
}
