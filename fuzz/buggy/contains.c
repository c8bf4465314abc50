/* strstr: the domain stands somewhere in the name. */
#define OWN_IS_BELOW
#include "right.h"

static int is_below(octets name, octets domain) {
  for (size_t from = 0; from + domain.size <= name.size; ++from)
    if (same((octets){name.at + from, domain.size}, domain)) return 1;
  return 0;
}
