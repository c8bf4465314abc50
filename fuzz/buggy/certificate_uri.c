/* A URI stands for a DNS-ID (CVE-2021-44531, CVE-2022-21656). */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  if (name.tag == 0x86 && name.content.size > 8 && memcmp(name.content.at, "https://", 8) == 0)
    name.content = without(name.content, 8);
  return (name.tag == 0x82 || name.tag == 0x86) && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
