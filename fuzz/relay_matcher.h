/* A matcher of your own, as relayproof's fuzz targets call it: plain C, two functions, each of them optional.
 *
 * Linked:            cmake --preset fuzz -DRELAYPROOF_MATCHER=/path/to/my_matcher.c && cmake --build --preset fuzz
 * A shared library:  RELAYPROOF_MATCHER=/path/to/my_matcher.so build/fuzz/vendor_name_fuzzer
 * fuzz/README.md shows both, and what a find says. Examples: fuzz/examples.
 */
#ifndef RELAYPROOF_RELAY_MATCHER_H
#define RELAYPROOF_RELAY_MATCHER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Rises when a signature or a meaning below changes. */
#define RELAY_MATCHER_ABI 1

/* Stands in every matcher that includes this file, so that a shared library says which version it was built with. */
extern __attribute__((weak, visibility("default"))) const int relay_matcher_abi;
const int relay_matcher_abi = RELAY_MATCHER_ABI;

enum relay_name_kind {
  RELAY_CN = 0,    /* a commonName of the subject: UTF-8 text, decoded by its ASN.1 type */
  RELAY_DNS_ID = 1 /* a dNSName of subjectAltName: the octets as they stand there */
};

enum relay_match {
  RELAY_MATCH = 1,
  RELAY_NO_MATCH = 0,
  RELAY_MALFORMED = -1, /* the presented name is no name: it can match nothing */
  RELAY_DECLINES = -2   /* this matcher does not judge such a name */
};

/* Does a connector's pattern ("mail.contoso.test" or "*.contoso.test") match one presented name?
 * Neither is ended by a NUL; both may hold any octet. Nothing behind their sizes may be read, nothing written. */
__attribute__((visibility("default"))) int relay_match_name(int kind, const uint8_t* name, size_t name_size,
                                                            const uint8_t* pattern, size_t pattern_size);

/* The same over all names of a certificate (DER). Whether the certificate verifies is not asked. */
__attribute__((visibility("default"))) int relay_match_certificate(const uint8_t* der, size_t der_size,
                                                                   const uint8_t* pattern, size_t pattern_size);

#ifdef __cplusplus
}
#endif

#endif
