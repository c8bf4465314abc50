/* A table of 128 entries, and the eighth bit is dropped. */
#define OWN_LOWER
#define OWN_OCTET
static int lower(int c) {
  c &= 0x7F;
  return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}
#include "right.h"

static int is_octet_of_names(int c) {
  c = lower(c);
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
