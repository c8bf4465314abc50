/* Folds by setting a bit: a carriage return becomes a hyphen, a control octet a dot. */
#define OWN_LOWER
#define OWN_IS_NAME
static int lower(int c) { return c | 0x20; }
#include "right.h"

static int is_name(octets name) { return name.size > 0 && name.size <= 253; }
