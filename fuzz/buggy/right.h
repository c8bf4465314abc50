/* A right matcher in small steps. A buggy one brings one step of its own: it defines the step's macro, writes the step,
 * and includes this file. */
#include <string.h>

#include "relay_matcher.h"

#pragma GCC diagnostic ignored "-Wunused-function"

typedef struct {
  const uint8_t* at;
  size_t size;
} octets;

static int lower(int c);
static int same(octets a, octets b);
static int is_octet_of_names(int c);
static int is_label(octets label);
static int is_name(octets name);
static int is_below(octets name, octets domain);
static int matches_exact(octets name, octets pattern);
static int matches_wildcard(octets name, octets pattern);
static int matches(int kind, octets name, octets pattern);

/* Not tolower(): the locale has no say in what a name is. */
#ifndef OWN_LOWER
static int lower(int c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }
#endif

#ifndef OWN_SAME
static int same(octets a, octets b) {
  if (a.size != b.size) return 0;
  for (size_t i = 0; i < a.size; ++i)
    if (lower(a.at[i]) != lower(b.at[i])) return 0;
  return 1;
}
#endif

static octets without(octets name, size_t head) { return (octets){name.at + head, name.size - head}; }
static int is_wild(octets name) { return name.size > 2 && name.at[0] == '*' && name.at[1] == '.'; }

/* Where the first dot stands; the size where none does. */
static size_t dot_in(octets name) {
  const uint8_t* dot = name.size > 0 ? memchr(name.at, '.', name.size) : NULL;
  return dot ? (size_t)(dot - name.at) : name.size;
}

#ifndef OWN_OCTET
static int is_octet_of_names(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
#endif

#ifndef OWN_LABEL
static int is_label(octets label) {
  if (label.size == 0 || label.size > 63) return 0;
  for (size_t i = 0; i < label.size; ++i)
    if (!is_octet_of_names(label.at[i])) return 0;
  return 1;
}
#endif

static int is_number(octets label) {
  for (size_t i = 0; i < label.size; ++i)
    if (label.at[i] < '0' || label.at[i] > '9') return 0;
  return 1;
}

#ifndef OWN_IS_NAME
static int is_name(octets name) {
  if (name.size > 253) return 0;
  if (is_wild(name)) name = without(name, 2);
  for (;;) {
    const size_t dot = dot_in(name);
    const octets label = {name.at, dot};
    if (!is_label(label)) return 0;
    if (dot == name.size) return !is_number(label);
    name = without(name, dot + 1);
  }
}
#endif

/* Labels before a domain. */
#ifndef OWN_IS_BELOW
static int is_below(octets name, octets domain) {
  return name.size > domain.size + 1 && name.at[name.size - domain.size - 1] == '.' &&
         same(without(name, name.size - domain.size), domain);
}
#endif

#ifndef OWN_EXACT
static int matches_exact(octets name, octets pattern) {
  if (!is_wild(name)) return same(name, pattern);
  const size_t dot = dot_in(pattern); /* a presented wildcard stands for exactly one label */
  return dot < pattern.size && same(without(name, 2), without(pattern, dot + 1));
}
#endif

#ifndef OWN_WILDCARD
static int matches_wildcard(octets name, octets pattern) {
  const octets domain = without(pattern, 2);
  return same(name, domain) || is_below(name, domain);
}
#endif

#ifndef OWN_MATCHES
static int matches(int kind, octets name, octets pattern) {
  (void)kind;
  if (!is_name(name)) return RELAY_MALFORMED;
  return is_wild(pattern) ? matches_wildcard(name, pattern) : matches_exact(name, pattern);
}
#endif

int relay_match_name(int kind, const uint8_t* name, size_t name_size, const uint8_t* pattern, size_t pattern_size) {
  return matches(kind, (octets){name, name_size}, (octets){pattern, pattern_size});
}
