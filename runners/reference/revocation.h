#pragma once

#include <openssl/x509.h>

#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "runners/reference/tenancy.h"

// Revocation lists (RFC 5280 5 and 6.3), as OpenSSL applies them to the certificates of a chain: whole lists of their
// issuer's own. Lists in parts by reason, indirect and delta lists count as none. The relay knows the lists it was
// started with, and fetches those that the certificates of a handshake name (fetch.h).
namespace relayproof::reference {

struct RevocationListFree {
  void operator()(X509_CRL* list) const { X509_CRL_free(list); }
};
using RevocationList = std::unique_ptr<X509_CRL, RevocationListFree>;

// The URIs where a certificate says that its list is.
std::vector<std::string> placesOfList(const X509* certificate);

// The lists of a file: PEM, one or more of them, or one in DER.
std::variant<std::vector<RevocationList>, Problem> readRevocationLists(const std::string& file);

enum class Revocation {
  notNamed,  // no certificate of the chain names a CRL, and none is on one
  good,      // each that names one is on no current list
  revoked,   // one is on a current list
  unknown,   // one names a CRL, and there is no current list of its issuer
};

// What a known bug makes of lists.
struct ListFaults {
  bool (*forgives)(int verifyError) = nullptr;                            // X509_V_ERR_… of a list that do not count
  Revocation (*weighs)(Revocation) = nullptr;                             // what becomes of the result
  bool (*isOn)(const X509_CRL* list, const X509* certificate) = nullptr;  // in place of OpenSSL's search
  bool leafAlone = false;                                                 // no list of an authority is looked at
};

// Follows the check of one chain from inside the verification callback.
class RevocationWatch {
 public:
  // Makes `context` check the chain, below its anchor, against the lists of its store.
  static void demand(X509_STORE_CTX* context);

  RevocationWatch(const ListFaults& faults, const std::vector<RevocationList>& fetched)
      : faults_(faults), fetched_(fetched) {}

  // Takes the error that the callback was given. False: it has nothing to do with revocation.
  bool takes(X509_STORE_CTX* context);

  // Of a chain that was built to its end.
  Revocation resultFor(const STACK_OF(X509) * chain) const;

 private:
  bool isRevoked(int depth, const X509* certificate) const;

  const ListFaults& faults_;
  const std::vector<RevocationList>& fetched_;
  std::set<int> unknown_;  // depths without a current list
  std::set<int> revoked_;
  const X509_CRL* faulty_ = nullptr;  // a list that is not current or not its issuer's
};

}  // namespace relayproof::reference
