/* The octets of a registeredID are read as text. */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  return (name.tag == 0x82 || name.tag == 0x88) && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
