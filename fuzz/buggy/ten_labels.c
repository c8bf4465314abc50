/* Room for ten labels: with the eleventh a name is refused. */
#define OWN_IS_NAME
#include "right.h"

static int is_name(octets name) {
  if (name.size > 253) return 0;
  if (is_wild(name)) name = without(name, 2);
  for (int labels = 1; labels <= 10; ++labels) {
    const size_t dot = dot_in(name);
    const octets label = {name.at, dot};
    if (!is_label(label)) return 0;
    if (dot == name.size) return !is_number(label);
    name = without(name, dot + 1);
  }
  return 0;
}
