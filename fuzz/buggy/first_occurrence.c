/* Looks for the domain's first place in the name, and whether the name ends there: a.test.a.test is refused. */
#define OWN_IS_BELOW
#include "right.h"

static int is_below(octets name, octets domain) {
  for (size_t from = 1; from + domain.size <= name.size; ++from)
    if (same((octets){name.at + from, domain.size}, domain))
      return name.at[from - 1] == '.' && from + domain.size == name.size;
  return 0;
}
