#pragma once

#include "runners/reference/bugs/bug.h"

// What wrong searches of a revocation list are made of.
namespace relayproof::reference::bugs {

inline bool isOf(const X509_CRL* list, const X509* certificate) {
  return X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(certificate)) == 0;
}

template <class Predicate>
bool holds(const X509_CRL* list, Predicate isWanted) {
  const STACK_OF(X509_REVOKED)* const entries = X509_CRL_get_REVOKED(const_cast<X509_CRL*>(list));
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i)
    if (isWanted(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(entries, i)))) return true;
  return false;
}

}  // namespace relayproof::reference::bugs
