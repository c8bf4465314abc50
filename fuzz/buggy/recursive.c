/* A call a label, each with room for a label's copy: enough dots end the stack. */
#define OWN_IS_NAME
#include "right.h"

static int is_name(octets name) {
  volatile char label[65536];
  label[name.size % sizeof label] = 1;
  const size_t dot = dot_in(name);
  if (dot == name.size) return name.size > 0;
  return is_name(without(name, dot + 1)) && label[name.size % sizeof label];
}
