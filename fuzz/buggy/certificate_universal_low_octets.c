/* Of a UniversalString the lower half of each character counts. */
#define OWN_DECODE
#include "right_certificate.h"

static octets decode(int tag, octets content) {
  static uint8_t text[1024];
  if (tag != 28 || content.size % 4 != 0 || content.size / 4 > sizeof text) return content;
  size_t size = 0;
  for (; size < content.size / 4; ++size) {
    if (content.at[4 * size + 2] != 0) return (octets){text, 0};
    text[size] = content.at[4 * size + 3];
  }
  return (octets){text, size};
}
