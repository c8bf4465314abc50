/* An empty label is no progress. */
#define OWN_IS_NAME
#include "right.h"

static int is_name(octets name) {
  volatile size_t at = 0;
  while (at < name.size && name.at[name.size - 1] != '.') {
    const octets rest = without(name, at);
    const size_t dot = dot_in(rest);
    if (dot > 0) at += dot == rest.size ? dot : dot + 1;
  }
  return name.size > 0;
}
