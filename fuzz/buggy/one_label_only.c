/* The pattern's wildcard stands for one label: a.b.contoso.test is refused. */
#define OWN_IS_BELOW
#include "right.h"

static int is_below(octets name, octets domain) {
  const size_t dot = dot_in(name);
  return dot < name.size && same(without(name, dot + 1), domain);
}
