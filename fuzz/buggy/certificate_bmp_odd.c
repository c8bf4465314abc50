/* A BMPString may have an octet left over. */
#define OWN_DECODE
#include "right_certificate.h"

static octets decode(int tag, octets content) {
  static uint8_t text[1024];
  if (tag != 30 || content.size / 2 > sizeof text) return content;
  size_t size = 0;
  for (; size < content.size / 2; ++size) {
    if (content.at[2 * size] != 0) return (octets){text, 0};
    text[size] = content.at[2 * size + 1];
  }
  return (octets){text, size};
}
