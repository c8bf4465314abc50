/* An O or OU stands for a CN. */
#define OWN_ATTRIBUTE
#include "right_certificate.h"

static int attribute_matches(octets oid, element value, octets pattern) {
  return oid.size == 3 && oid.at[0] == 0x55 && oid.at[1] == 4 &&
         matches(RELAY_CN, decode(value.tag, value.content), pattern) == RELAY_MATCH;
}
