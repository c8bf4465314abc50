/* A matcher as plain C: RFC 9525 6.3, and a pattern *.D that stands for D and whatever is below it.
 *
 * The fuzz targets call it:      cmake --preset fuzz -DRELAYPROOF_MATCHER=$PWD/fuzz/examples/matcher.c
 * `match --compare` runs it:     cc -Ifuzz -o my-matcher fuzz/examples/matcher.c fuzz/examples/lines.c
 *                                relayproof match --table --compare ./my-matcher
 */
#include <string.h>

#include "relay_matcher.h"

enum { MOST_OCTETS = 253, MOST_OCTETS_OF_A_LABEL = 63 };

struct name {
  char text[MOST_OCTETS]; /* lower case, without the wildcard */
  size_t size;
  int wildcard;
};

/* Not tolower(): the locale has no say in what a name is. */
static int lower(int c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }
static int is_digit(int c) { return c >= '0' && c <= '9'; }
static int is_letter(int c) { return c >= 'a' && c <= 'z'; }

/* 0: it is no name. A NUL is an octet like every other that no name has. */
static int read_name(const uint8_t* octets, size_t size, struct name* name) {
  size_t label = 0; /* where the last one begins */
  int digits = 1;   /* it holds nothing else, as in an address */
  if (size > MOST_OCTETS) return 0;
  name->wildcard = size > 2 && octets[0] == '*' && octets[1] == '.';
  if (name->wildcard) octets += 2, size -= 2;
  for (size_t i = 0; i <= size; ++i) {
    const int c = i < size ? lower(octets[i]) : '.';
    if (c == '.') {
      const size_t length = i - label;
      if (length == 0 || length > MOST_OCTETS_OF_A_LABEL) return 0;
      if (name->text[label] == '-' || name->text[i - 1] == '-') return 0;
      if (i == size) break;
      label = i + 1;
      digits = 1;
    } else if (is_letter(c) || c == '-') {
      digits = 0;
    } else if (!is_digit(c)) {
      return 0;
    }
    name->text[i] = (char)c;
  }
  name->size = size;
  return !digits;
}

/* Is `a` the end of `b`, from that octet on? */
static int is_end_of(const struct name* a, const struct name* b, size_t from) {
  return b->size - from == a->size && memcmp(b->text + from, a->text, a->size) == 0;
}

int relay_match_name(int kind, const uint8_t* name, size_t name_size, const uint8_t* pattern, size_t pattern_size) {
  struct name wanted, presented;
  (void)kind; /* free text in a CN is no name either */
  if (!read_name(pattern, pattern_size, &wanted) || !read_name(name, name_size, &presented)) return RELAY_NO_MATCH;
  if (wanted.wildcard) {
    if (presented.size <= wanted.size) return is_end_of(&wanted, &presented, 0);
    const size_t from = presented.size - wanted.size;
    return presented.text[from - 1] == '.' && is_end_of(&wanted, &presented, from);
  }
  if (!presented.wildcard) return is_end_of(&presented, &wanted, 0);
  const char* dot = memchr(wanted.text, '.', wanted.size); /* a presented wildcard stands for exactly one label */
  return dot && is_end_of(&presented, &wanted, (size_t)(dot + 1 - wanted.text));
}
