/* Reads a certificate of the installed core set and its key, and finds that they belong together. */
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

static FILE* fixture(const char* name) {
  FILE* file = fopen(name, "r");
  if (file == NULL) perror(name);
  return file;
}

int main(void) {
  FILE* chain = fixture(RELAYPROOF_FIXTURES_DIR "/core/valid-both.pem");
  FILE* secret = fixture(RELAYPROOF_FIXTURES_DIR "/core/valid-both.key.pem");
  if (chain == NULL || secret == NULL) return 1;
  X509* leaf = PEM_read_X509(chain, NULL, NULL, NULL);
  EVP_PKEY* key = PEM_read_PrivateKey(secret, NULL, NULL, NULL);
  const int fit = leaf != NULL && key != NULL && X509_check_private_key(leaf, key) == 1 &&
                  X509_check_host(leaf, "mail.contoso.test", 0, 0, NULL) == 1;
  X509_free(leaf);
  EVP_PKEY_free(key);
  fclose(chain);
  fclose(secret);
  puts(fit ? "valid-both: certificate and key fit" : "valid-both: certificate and key do not fit");
  return fit ? 0 : 1;
}
