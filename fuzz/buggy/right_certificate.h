/* A right matcher of certificates in small steps, around that of names (right.h): common names and dNSNames by a walk
 * of the DER. A buggy one brings one step of its own. */
#include <stdlib.h>

#include "right.h"

typedef struct {
  int tag; /* 0: there is none */
  octets content;
} element;

static element take(octets* from);
static void skip_version(octets* body);
static octets extensions_of(octets body);
static octets decode(int tag, octets content);
static int attribute_matches(octets oid, element value, octets pattern);
static int general_name_matches(element name, int place, octets pattern);
static int general_names_match(octets value, octets pattern);
static int subject_matches(octets subject, octets pattern);
static int is_extension_of_names(octets oid);
static int certificate_matches(octets issuer, octets subject, octets extensions, octets pattern);

/* Takes the next element off the front. */
#ifndef OWN_TAKE
static element take(octets* from) {
  element none = {0, {NULL, 0}};
  if (from->size < 2) return none;
  size_t head = 2, size = from->at[1];
  if (size >= 0x80) {
    const size_t more = size & 0x7F;
    if (more == 0 || more > 3 || from->size < 2 + more) return none;
    size = 0;
    for (size_t i = 0; i < more; ++i) size = size << 8 | from->at[2 + i];
    head += more;
  }
  if (size > from->size - head) return none;
  const element found = {from->at[0], {from->at + head, size}};
  *from = without(*from, head + size);
  return found;
}
#endif

static int is_oid(octets oid, const char* wanted, size_t size) {
  return oid.size == size && memcmp(oid.at, wanted, size) == 0;
}

/* The text of a string as UTF-8, in a static place that has room for what can be a name; size 0 where it has none. */
#ifndef OWN_DECODE
static octets decode(int tag, octets content) {
  static uint8_t text[1024];
  const size_t width = tag == 30 ? 2 : tag == 28 ? 4 : 1;
  size_t size = 0;
  if (tag == 12 || tag == 19 || tag == 22) return content;
  if ((tag != 20 && tag != 28 && tag != 30) || content.size % width != 0 || content.size / width > sizeof text)
    return (octets){text, 0};
  for (size_t i = 0; i < content.size; i += width) {
    for (size_t j = 0; j + 1 < width; ++j)
      if (content.at[i + j] != 0) return (octets){text, 0};
    const uint8_t c = content.at[i + width - 1];
    if (c >= 0x80) return (octets){text, 0};
    text[size++] = c;
  }
  return (octets){text, size};
}
#endif

/* One attribute of the subject. */
#ifndef OWN_ATTRIBUTE
static int attribute_matches(octets oid, element value, octets pattern) {
  return is_oid(oid, "\x55\x04\x03", 3) && matches(RELAY_CN, decode(value.tag, value.content), pattern) == RELAY_MATCH;
}
#endif

/* One name of subjectAltName, the `place`th of them. */
#ifndef OWN_GENERAL_NAME
static int general_name_matches(element name, int place, octets pattern) {
  (void)place;
  return name.tag == 0x82 && matches(RELAY_DNS_ID, name.content, pattern) == RELAY_MATCH;
}
#endif

#ifndef OWN_SUBJECT
static int subject_matches(octets subject, octets pattern) {
  while (subject.size > 0) {
    octets rdn = take(&subject).content;
    if (rdn.at == NULL) return 0;
    while (rdn.size > 0) {
      octets pair = take(&rdn).content;
      if (pair.at == NULL) return 0;
      const octets oid = take(&pair).content;
      if (oid.at != NULL && attribute_matches(oid, take(&pair), pattern)) return 1;
    }
  }
  return 0;
}
#endif

#ifndef OWN_EXTENSION
static int is_extension_of_names(octets oid) { return is_oid(oid, "\x55\x1d\x11", 3); }
#endif

#ifndef OWN_GENERAL_NAMES
static int general_names_match(octets value, octets pattern) {
  octets names = take(&value).content;
  for (int place = 0; names.at != NULL && names.size > 0; ++place) {
    const element name = take(&names);
    if (name.tag == 0) return 0;
    if (general_name_matches(name, place, pattern)) return 1;
  }
  return 0;
}
#endif

static int extensions_match(octets extensions, octets pattern) {
  while (extensions.size > 0) {
    octets extension = take(&extensions).content;
    if (extension.at == NULL) return 0;
    const octets oid = take(&extension).content;
    element value = take(&extension);
    if (value.tag == 1) value = take(&extension); /* critical */
    if (oid.at != NULL && is_extension_of_names(oid) && general_names_match(value.content, pattern)) return 1;
  }
  return 0;
}

#ifndef OWN_CERTIFICATE
static int certificate_matches(octets issuer, octets subject, octets extensions, octets pattern) {
  (void)issuer;
  return subject_matches(subject, pattern) || extensions_match(extensions, pattern);
}
#endif

/* Version 1 is the default, which DER leaves out. */
#ifndef OWN_VERSION
static void skip_version(octets* body) {
  if (body->size > 0 && body->at[0] == 0xa0) take(body);
}
#endif

/* Of what follows the key: behind two unique IDs, which nobody uses. */
static octets extensions_of(octets body) {
  element last = take(&body);
  while (last.tag == 0x81 || last.tag == 0x82) last = take(&body);
  return last.tag == 0xa3 ? take(&last.content).content : (octets){NULL, 0};
}

int relay_match_certificate(const uint8_t* der, size_t der_size, const uint8_t* pattern, size_t pattern_size) {
  octets rest = {der, der_size};
  octets body = take(&rest).content;
  body = take(&body).content;
  if (body.at == NULL) return RELAY_MALFORMED;
  skip_version(&body);
  take(&body), take(&body); /* serial number, algorithm */
  const octets issuer = take(&body).content;
  take(&body); /* validity */
  const octets subject = take(&body).content;
  take(&body); /* key */
  return certificate_matches(issuer, subject, extensions_of(body), (octets){pattern, pattern_size}) ? RELAY_MATCH
                                                                                                    : RELAY_NO_MATCH;
}
