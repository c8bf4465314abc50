/* *.*.contoso.test is below contoso.test: only the first label was looked at. */
#define OWN_OCTET
#include "right.h"

static int is_octet_of_names(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*';
}
