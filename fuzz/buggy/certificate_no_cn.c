/* Common names do not count. */
#define OWN_SUBJECT
#include "right_certificate.h"

static int subject_matches(octets subject, octets pattern) {
  (void)subject, (void)pattern;
  return 0;
}
