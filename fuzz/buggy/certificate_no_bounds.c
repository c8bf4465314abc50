/* An element is as long as it says, whatever is left. */
#define OWN_TAKE
#include "right_certificate.h"

static element take(octets* from) {
  element none = {0, {NULL, 0}};
  if (from->size < 2) return none;
  size_t head = 2, size = from->at[1];
  if (size >= 0x80) {
    size = 0;
    for (head = 2; head < 2 + (size_t)(from->at[1] & 0x7F); ++head) size = size << 8 | from->at[head];
  }
  const element found = {from->at[0], {from->at + head, size}};
  *from = (octets){from->at + head + size, from->size > head + size ? from->size - head - size : 0};
  return found;
}
