/* Asks about one name by a certificate that holds no other. */
#include "peer.h"

enum { LONGEST_NAME = 0xFFFF, ROOM = LONGEST_NAME + 1024 };

/* DER is written from its end: what stands before `at`, before what is there. */
typedef struct {
  uint8_t octets[ROOM];
  size_t at;
} der;

static void put(der* out, const void* octets, size_t size) {
  out->at -= size;
  memcpy(out->octets + out->at, octets, size);
}

/* Tag and length before everything up to `end`. */
static void wrap(der* out, size_t end, uint8_t tag) {
  const size_t size = end - out->at;
  uint8_t head[5] = {tag};
  size_t length = 1;
  if (size < 0x80) {
    head[length++] = (uint8_t)size;
  } else {
    const int octets = size < 0x100 ? 1 : size < 0x10000 ? 2 : 3;
    head[length++] = (uint8_t)(0x80 | octets);
    for (int left = octets; left-- > 0;) head[length++] = (uint8_t)(size >> 8 * left);
  }
  put(out, head, length);
}

static void name(der* out, const char* type, size_t type_size, const uint8_t* text, size_t size) {
  const size_t end = out->at;
  put(out, text, size);
  wrap(out, end, 0x0C);
  put(out, type, type_size);
  wrap(out, end, 0x30);
  wrap(out, end, 0x31);
  wrap(out, end, 0x30);
}

#define PUT(out, text) put(out, text, sizeof(text) - 1)

static void certificate(der* out, int kind, const uint8_t* text, size_t size) {
  static const char kAlgorithm[] = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"; /* ecdsa-with-SHA256 */
  const size_t end = out->at = ROOM;
  PUT(out, "\x03\x09\x00\x30\x06\x02\x01\x01\x02\x01\x01"); /* no signature of anyone */
  PUT(out, kAlgorithm);
  const size_t signed_end = out->at;
  if (kind == RELAY_DNS_ID) {
    put(out, text, size);
    wrap(out, signed_end, 0x82);
    wrap(out, signed_end, 0x30);
    wrap(out, signed_end, 0x04);
    PUT(out, "\x06\x03\x55\x1d\x11");
    wrap(out, signed_end, 0x30);
    wrap(out, signed_end, 0x30);
    wrap(out, signed_end, 0xA3);
  }
  PUT(out, /* P-256, and its base point */
      "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04"
      "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45"
      "\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce"
      "\xcb\xb6\x40\x68\x37\xbf\x51\xf5");
  static const char kCommonName[] = "\x06\x03\x55\x04\x03", kOrganization[] = "\x06\x03\x55\x04\x0a";
  static const uint8_t kNobody[] = {'N', 'o', 'b', 'o', 'd', 'y'};
  if (kind == RELAY_CN)
    name(out, kCommonName, sizeof kCommonName - 1, text, size);
  else
    name(out, kOrganization, sizeof kOrganization - 1, kNobody, sizeof kNobody);
  PUT(out,
      "\x30\x1e\x17\x0d"
      "200101000000Z"
      "\x17\x0d"
      "491231235959Z");
  name(out, kOrganization, sizeof kOrganization - 1, kNobody, sizeof kNobody);
  PUT(out, kAlgorithm);
  PUT(out, "\xa0\x03\x02\x01\x02\x02\x01\x01"); /* version 3, serial number 1 */
  wrap(out, signed_end, 0x30);
  wrap(out, end, 0x30);
}

int relay_match_name(int kind, const uint8_t* text, size_t size, const uint8_t* pattern, size_t pattern_size) {
  static der out;
  if (size > LONGEST_NAME) return RELAY_DECLINES;
  certificate(&out, kind, text, size);
  return relay_match_certificate(out.octets + out.at, ROOM - out.at, pattern, pattern_size);
}
