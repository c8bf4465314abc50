/* *.contoso.test does not stand for contoso.test itself. */
#define OWN_WILDCARD
#include "right.h"

static int matches_wildcard(octets name, octets pattern) { return is_below(name, without(pattern, 2)); }
