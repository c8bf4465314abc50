#include <mutex>
#include <set>
#include <string>

#include "runners/reference/bugs/bug.h"
#include "runners/reference/trust.h"

namespace relayproof::reference::bugs {
namespace {

std::string keyOf(const X509* leaf) {
  unsigned char* octets = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(leaf), &octets);
  std::string key(reinterpret_cast<const char*>(octets), static_cast<std::size_t>(size));
  OPENSSL_free(octets);
  return key;
}

}  // namespace

KnownBug trustRememberedByKey() {
  return {
      .name = "trust-remembered-by-key",
      .kind = "hole",
      .wrong = "What a chain was verified to be is kept under the key of its leaf, for every certificate of that key.",
      .record = "gateway practice",
      .caughtBy = {"session.memory.expired-since", "session.memory.key-of-a-trusted-certificate",
                   "session.memory.signature-of-a-known-certificate-broken"},
      .put = [](Conduct& conduct) {
        conduct.faults.afterHandshake = [](SSL* ssl, bool, const Conduct& how, ClientCertificate& client) {
          static std::mutex guard;
          static std::set<std::string> trusted;
          X509* const leaf = SSL_get0_peer_certificate(ssl);
          if (leaf == nullptr) return;
          const std::lock_guard locked(guard);
          if (client.trusted)
            trusted.insert(keyOf(leaf));
          else if (trusted.contains(keyOf(leaf)))
            client = recallLeaf(leaf, true, how);
        };
      }};
}

}  // namespace relayproof::reference::bugs
