/* A wildcard may end the first label: m*.contoso.test (RFC 6125 6.4.3 allowed it once). */
#define OWN_OCTET
#define OWN_EXACT
#include "right.h"

static int is_octet_of_names(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*';
}
static int matches_exact(octets name, octets pattern) {
  const size_t label = dot_in(name), dot = dot_in(pattern);
  if (label == 0 || name.at[label - 1] != '*') return same(name, pattern);
  return dot >= label - 1 && same((octets){name.at, label - 1}, (octets){pattern.at, label - 1}) &&
         same(without(name, label), without(pattern, dot));
}
