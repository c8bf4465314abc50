/* Label against label, and `*` fits each: mail.*.test. */
#define OWN_OCTET
#define OWN_EXACT
#include "right.h"

static int is_octet_of_names(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*';
}
static int matches_exact(octets name, octets pattern) {
  for (;;) {
    const size_t a = dot_in(name), b = dot_in(pattern);
    if (!(a == 1 && name.at[0] == '*') && !same((octets){name.at, a}, (octets){pattern.at, b})) return 0;
    if (a == name.size || b == pattern.size) return a == name.size && b == pattern.size;
    name = without(name, a + 1), pattern = without(pattern, b + 1);
  }
}
