/* A NUL ends a dNSName (CVE-2013-4238). */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  if (name.tag != 0x82) return 0;
  name.content.size = strnlen((const char*)name.content.at, name.content.size);
  return matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
