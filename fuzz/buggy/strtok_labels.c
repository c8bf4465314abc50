/* Splits as strtok does: empty labels vanish, and mail..contoso.test is mail.contoso.test. */
#define OWN_SAME
#define OWN_LABEL
#include "right.h"

static int is_label(octets label) {
  for (size_t i = 0; i < label.size; ++i)
    if (!is_octet_of_names(label.at[i])) return 0;
  return label.size < 64;
}
static int same(octets a, octets b) {
  size_t i = 0, j = 0;
  for (;;) {
    while (i + 1 < a.size && a.at[i] == '.' && a.at[i + 1] == '.') ++i;
    while (j + 1 < b.size && b.at[j] == '.' && b.at[j + 1] == '.') ++j;
    if (i == a.size || j == b.size) return i == a.size && j == b.size;
    if (lower(a.at[i++]) != lower(b.at[j++])) return 0;
  }
}
