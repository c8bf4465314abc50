/* The subject is a line of text, /O=…/CN=…, in which CN= is looked for (CVE-2014-3577). */
#define OWN_SUBJECT
#include "right_certificate.h"

static int subject_matches(octets subject, octets pattern) {
  static char line[70000];
  size_t size = 0;
  while (subject.size > 0) {
    octets rdn = take(&subject).content;
    if (rdn.at == NULL) return 0;
    while (rdn.size > 0) {
      octets pair = take(&rdn).content;
      if (pair.at == NULL) return 0;
      const octets oid = take(&pair).content;
      const element value = take(&pair);
      if (oid.at == NULL || value.content.size > 30000 || size > 30000) return 0;
      memcpy(line + size, is_oid(oid, "\x55\x04\x03", 3) ? "/CN=" : "/XX=", 4);
      const octets text = decode(value.tag, value.content);
      memcpy(line + size + 4, text.at, text.size);
      size += 4 + text.size;
    }
  }
  for (size_t i = 0; i + 4 <= size; ++i)
    if (memcmp(line + i, "/CN=", 4) == 0) {
      size_t end = i + 4;
      while (end < size && line[end] != '/') ++end;
      if (matches(RELAY_CN, (octets){(const uint8_t*)line + i + 4, end - i - 4}, pattern) == RELAY_MATCH) return 1;
    }
  return 0;
}
