#include <map>
#include <mutex>
#include <string>

#include "runners/reference/bugs/bug.h"
#include "runners/reference/trust.h"

namespace relayproof::reference::bugs {
namespace {

std::string numberOf(const X509* leaf) {
  char* issuer = X509_NAME_oneline(X509_get_issuer_name(leaf), nullptr, 0);
  const ASN1_INTEGER* serial = X509_get0_serialNumber(leaf);
  std::string number(issuer);
  number.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                static_cast<std::size_t>(ASN1_STRING_length(serial)));
  OPENSSL_free(issuer);
  return number;
}

}  // namespace

KnownBug namesRememberedBySerial() {
  return {.name = "names-remembered-by-serial",
          .kind = "hole",
          .wrong = "Names are read once for an issuer and serial number, and another certificate of them has them too.",
          .record = "gateway practice",
          .caughtBy = {"session.memory.serial-of-a-known-certificate"},
          .put = [](Conduct& conduct) {
            conduct.faults.afterHandshake = [](SSL* ssl, bool, const Conduct&, ClientCertificate& client) {
              static std::mutex guard;
              static std::map<std::string, Identity> known;
              X509* const leaf = SSL_get0_peer_certificate(ssl);
              if (leaf == nullptr || !client.trusted) return;
              const std::lock_guard locked(guard);
              client.identity = known.emplace(numberOf(leaf), client.identity).first->second;
            };
          }};
}

}  // namespace relayproof::reference::bugs
