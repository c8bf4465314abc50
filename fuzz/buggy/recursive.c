/* A call a label, each with room for a label's copy: enough dots end the stack before anybody looks at the size. */
#define OWN_IS_NAME
#include "right.h"

static int are_labels(octets name) {
  volatile char copy[65536];
  const size_t dot = dot_in(name);
  const octets label = {name.at, dot};
  copy[name.size % sizeof copy] = 1;
  if (!is_label(label)) return 0;
  if (dot == name.size) return !is_number(label);
  return are_labels(without(name, dot + 1)) && copy[name.size % sizeof copy];
}
static int is_name(octets name) { return are_labels(is_wild(name) ? without(name, 2) : name) && name.size <= 253; }
