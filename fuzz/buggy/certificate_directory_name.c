/* The CN of a directoryName stands for the subject's. */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  if (name.tag == 0xA4) return subject_matches(take(&name.content).content, pattern);
  return name.tag == 0x82 && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
