/* Of a BMPString every second octet is taken, whatever the first ones are. */
#define OWN_DECODE
#include "right_certificate.h"

static octets decode(int tag, octets content) {
  static uint8_t text[1024];
  if (tag != 30 || content.size / 2 > sizeof text) return content;
  for (size_t i = 0; i < content.size / 2; ++i) text[i] = content.at[2 * i + 1];
  return (octets){text, content.size / 2};
}
