/* An octet outside ASCII is a negative index. */
#define OWN_OCTET
#include "right.h"

static const signed char kinds[128] = {['a'] = 1, ['z'] = 1};
static int is_octet_of_names(int c) {
  const char octet = (char)c;
  if (kinds[(int)octet]) return 1;
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
