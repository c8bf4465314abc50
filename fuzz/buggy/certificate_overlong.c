/* A character in more octets of UTF-8 than it needs is read as that character. */
#define OWN_DECODE
#include "right_certificate.h"

static octets decode(int tag, octets content) {
  static uint8_t text[1024];
  if (tag != 12 || content.size > sizeof text) return content;
  size_t size = 0;
  for (size_t i = 0; i < content.size; ++i) {
    const int two = content.at[i] >= 0xC0 && content.at[i] < 0xE0 && i + 1 < content.size;
    text[size++] = two ? (uint8_t)(content.at[i] << 6 | (content.at[i + 1] & 0x3F)) : content.at[i];
    if (two) ++i;
  }
  return (octets){text, size};
}
