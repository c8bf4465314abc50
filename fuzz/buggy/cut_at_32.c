/* A field of 32 octets takes the name's head (CVE-2012-0867). */
#define OWN_EXACT
#include "right.h"

static octets head(octets name) { return (octets){name.at, name.size < 32 ? name.size : 32}; }
static int matches_exact(octets name, octets pattern) { return same(head(name), head(pattern)); }
