/* The domain of an e-mail address stands for a DNS-ID. */
#define OWN_GENERAL_NAME
#include "right_certificate.h"

static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  if (name.tag == 0x81) {
    const uint8_t* at = name.content.size > 0 ? memchr(name.content.at, '@', name.content.size) : NULL;
    if (at == NULL) return 0;
    name.content = without(name.content, (size_t)(at - name.content.at) + 1);
  }
  return (name.tag == 0x81 || name.tag == 0x82) && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
