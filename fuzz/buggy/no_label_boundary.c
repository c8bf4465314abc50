/* A suffix is enough: evilcontoso.test is below contoso.test (CVE-2016-9952 and its like). */
#define OWN_IS_BELOW
#include "right.h"

static int is_below(octets name, octets domain) {
  return name.size > domain.size && same(without(name, name.size - domain.size), domain);
}
