/* The pattern is made a regular expression, and nobody escapes its dots. */
#include <regex.h>
#define OWN_MATCHES
#include "right.h"

static int matches(int kind, octets name, octets pattern) {
  char expression[600] = "^", text[600];
  regex_t regex;
  (void)kind;
  if (!is_name(name) || pattern.size > 253) return RELAY_MALFORMED;
  if (is_wild(pattern)) strcat(expression, "(.*\\.)?"), pattern = without(pattern, 2);
  strncat(expression, (const char*)pattern.at, pattern.size);
  strcat(expression, "$");
  memcpy(text, name.at, name.size);
  text[name.size] = 0;
  if (regcomp(&regex, expression, REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0) return RELAY_NO_MATCH;
  const int found = regexec(&regex, text, 0, NULL, 0) == 0;
  regfree(&regex);
  return found;
}
