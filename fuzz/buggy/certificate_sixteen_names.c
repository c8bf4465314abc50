/* Room for sixteen names. */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  return place < 16 && name.tag == 0x82 && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
