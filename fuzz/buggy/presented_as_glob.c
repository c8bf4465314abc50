/* fnmatch with the presented name for a glob: `*` crosses dots and stands anywhere. */
#include <fnmatch.h>
#define OWN_EXACT
#define OWN_IS_NAME
#include "right.h"

static int is_name(octets name) { return name.size > 0 && name.size < 254 && memchr(name.at, 0, name.size) == NULL; }
static int matches_exact(octets name, octets pattern) {
  char glob[256], text[256];
  for (size_t i = 0; i < name.size; ++i) glob[i] = (char)lower(name.at[i]);
  for (size_t i = 0; i < pattern.size && i < 255; ++i) text[i] = (char)lower(pattern.at[i]);
  glob[name.size] = text[pattern.size < 255 ? pattern.size : 255] = 0;
  return fnmatch(glob, text, FNM_NOESCAPE) == 0;
}
