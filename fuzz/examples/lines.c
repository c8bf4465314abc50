/* Makes of a plug-in (relay_matcher.h) the program that `relayproof match --compare` runs. It reads the JSON that
 * relayproof writes, an object of texts and numbers a line; for any other JSON take a library.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay_matcher.h"

struct span {
  const char* text; /* a JSON string without its quotes, still escaped; NULL: there is none */
  size_t size;
};

/* The value of a key. Inside a string every quote has a backslash before it, so that `"key":` stands for a key only. */
static struct span value_of(const char* line, const char* key) {
  char wanted[32];
  snprintf(wanted, sizeof wanted, "\"%s\":", key);
  const char* begin = strstr(line, wanted);
  if (!begin) return (struct span){NULL, 0};
  begin += strlen(wanted);
  const char* end;
  if (*begin != '"') {
    end = begin + strcspn(begin, ",}");
  } else {
    for (end = ++begin; *end && *end != '"'; ++end)
      if (*end == '\\' && end[1]) ++end;
  }
  return (struct span){begin, (size_t)(end - begin)};
}

static unsigned long unit(const char* at) { /* the four digits of \uXXXX */
  char digits[5] = {0};
  strncpy(digits, at, 4);
  return strtoul(digits, NULL, 16);
}

static size_t put_utf8(uint8_t* out, unsigned long point) {
  const int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3; /* octets behind the first */
  static const unsigned first[] = {0, 0xC0, 0xE0, 0xF0};
  out[0] = (uint8_t)(first[more] | point >> 6 * more);
  for (int i = 1; i <= more; ++i) out[i] = (uint8_t)(0x80 | (point >> 6 * (more - i) & 0x3F));
  return (size_t)more + 1;
}

/* The octets of a JSON string, whose text outside ASCII is \uXXXX: of a DNS-ID each code point is one, else UTF-8.
 * They are at most as many as the escaped text has. */
static size_t octets_of(struct span json, int dns_id, uint8_t* out) {
  size_t size = 0;
  for (const char *at = json.text, *end = at + json.size; at < end; ++at) {
    if (*at != '\\' || end - at < 2) {
      out[size++] = (uint8_t)*at;
      continue;
    }
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    const char* letter = strchr(letters, *++at);
    if (*at != 'u') {
      out[size++] = (uint8_t)(letter ? meant[letter - letters] : *at);
      continue;
    }
    unsigned long point = unit(at + 1);
    at += 4;
    if (point >> 10 == 0x36 && end - at > 6) { /* the first of a surrogate pair */
      point = 0x10000 + ((point & 0x3FF) << 10) + (unit(at + 3) & 0x3FF);
      at += 6;
    }
    if (dns_id)
      out[size++] = (uint8_t)point;
    else
      size += put_utf8(out + size, point);
  }
  return size;
}

int main(void) {
  char* line = NULL;
  size_t room = 0;
  for (ssize_t size; (size = getline(&line, &room, stdin)) > 0;) {
    const struct span id = value_of(line, "id"), pattern = value_of(line, "pattern");
    const struct span presented = value_of(line, "presented"), kind = value_of(line, "kind");
    int match = RELAY_DECLINES;
    if (pattern.text && presented.text) {
      const int dns_id = !kind.text || strncmp(kind.text, "CN", kind.size) != 0;
      uint8_t* wanted = malloc((size_t)size);
      if (!wanted) return 1;
      const size_t wanted_size = octets_of(pattern, 0, wanted);
      uint8_t* name = wanted + wanted_size;
      const size_t name_size = octets_of(presented, dns_id, name);
      match = relay_match_name(dns_id ? RELAY_DNS_ID : RELAY_CN, name, name_size, wanted, wanted_size);
      free(wanted);
    }
    printf("{\"id\":%.*s,", (int)id.size, id.text ? id.text : "");
    if (match == RELAY_DECLINES)
      printf("\"skip\":\"not judged\"}\n");
    else
      printf("\"match\":%s,\"malformed\":%s}\n", match == RELAY_MATCH ? "true" : "false",
             match == RELAY_MALFORMED ? "true" : "false");
    fflush(stdout);
  }
  free(line);
  return 0;
}
