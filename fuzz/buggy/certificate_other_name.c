/* The text inside an otherName stands for a DNS-ID. */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  if (name.tag == 0xA0) {
    octets rest = name.content;
    take(&rest);
    rest = take(&rest).content;
    name.content = rest.at != NULL ? take(&rest).content : rest;
    if (name.content.at == NULL) return 0;
  }
  return (name.tag == 0x82 || name.tag == 0xA0) && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
