/* An empty dNSName crashes (CVE-2026-27138). */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  if (name.tag != 0x82) return 0;
  char* copy = malloc(name.content.size);
  if (copy == NULL) return 0;
  memcpy(copy, name.content.at, name.content.size);
  const int is_absolute = copy[name.content.size - 1] == '.';
  free(copy);
  return !is_absolute && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
