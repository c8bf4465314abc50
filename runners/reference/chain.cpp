#include "runners/reference/chain.h"

#include <openssl/x509v3.h>

#include <ctime>

#include "runners/reference/constraints.h"

namespace relayproof::reference {
namespace {

// What one verification gathers beside its result.
struct Watch {
  const Faults& faults;
  RevocationWatch revocation;

  bool forgives(int error) const { return faults.forgives != nullptr && faults.forgives(error); }
};

bool isWithinGrace(X509_STORE_CTX* context, int seconds) {
  X509* const certificate = X509_STORE_CTX_get_current_cert(context);
  const int error = X509_STORE_CTX_get_error(context);
  std::time_t late = std::time(nullptr) - seconds, early = std::time(nullptr) + seconds;
  return (error == X509_V_ERR_CERT_HAS_EXPIRED && X509_cmp_time(X509_get0_notAfter(certificate), &late) > 0) ||
         (error == X509_V_ERR_CERT_NOT_YET_VALID && X509_cmp_time(X509_get0_notBefore(certificate), &early) < 0);
}

int watchSlot() {
  static const int slot = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

int onStep(int ok, X509_STORE_CTX* context) {
  if (ok != 0) return 1;
  auto& watch = *static_cast<Watch*>(X509_STORE_CTX_get_ex_data(context, watchSlot()));
  return watch.revocation.takes(context) || isWithinGrace(context, watch.faults.dateGrace) ||
                 watch.forgives(X509_STORE_CTX_get_error(context))
             ? 1
             : 0;
}

Purposes sharedPurposes(const STACK_OF(X509) * chain) {
  Purposes shared;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* const certificate = sk_X509_value(chain, i);
    if ((X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) == 0) continue;
    const std::uint32_t usage = X509_get_extended_key_usage(certificate);
    shared.client = shared.client && (usage & (XKU_ANYEKU | XKU_SSL_CLIENT)) != 0;
    shared.clientByName = shared.clientByName && (usage & XKU_SSL_CLIENT) != 0;
    shared.server = shared.server && (usage & (XKU_ANYEKU | XKU_SSL_SERVER)) != 0;
  }
  return shared;
}

bool serves(const Purposes& purposes, ExtendedKeyUsage option) {
  switch (option) {
    case ExtendedKeyUsage::clientAuth:
      return purposes.clientByName;
    case ExtendedKeyUsage::clientOrServer:
      return purposes.client || purposes.server;
    case ExtendedKeyUsage::ignored:
      return true;
  }
  return false;
}

bool isTolerable(Revocation revocation, RevocationPolicy option) {
  if (revocation == Revocation::revoked) return option == RevocationPolicy::ignore;
  return revocation != Revocation::unknown || option != RevocationPolicy::require;
}

// What the options hold against a chain that verified, as OpenSSL words it; X509_V_OK for nothing.
int errorOf(const ChainFacts& facts, const Behaviour& behaviour) {
  if (!serves(facts.purposes, behaviour.extendedKeyUsage)) return X509_V_ERR_INVALID_PURPOSE;
  if (!isTolerable(facts.revocation, behaviour.revocation))
    return facts.revocation == Revocation::revoked ? X509_V_ERR_CERT_REVOKED : X509_V_ERR_UNABLE_TO_GET_CRL;
  const bool checked = behaviour.commonNameUnderDnsConstraint == CommonNameUnderDnsConstraint::checked;
  return checked && facts.commonNameOutsideConstraint ? X509_V_ERR_PERMITTED_VIOLATION : X509_V_OK;
}

bool maySign(X509* leaf) {
  return (X509_get_extension_flags(leaf) & EXFLAG_KUSAGE) == 0 ||
         (X509_get_key_usage(leaf) & (KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT)) != 0;
}

bool verify(X509_STORE_CTX* context, Watch& watch, RevocationPolicy revocation) {
  // Purposes and common names are looked at afterwards, by the options.
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (revocation != RevocationPolicy::ignore) RevocationWatch::demand(context);
  X509_STORE_CTX_set_ex_data(context, watchSlot(), &watch);
  X509_STORE_CTX_set_verify_cb(context, onStep);
  return X509_verify_cert(context) == 1;
}

Identity identityOf(const CertificateNames& read, const SentCertificates& sent, const Conduct& conduct) {
  CertificateNames names = read;
  if (conduct.faults.misread != nullptr) conduct.faults.misread(sent, names);
  return identify(names, conduct.behaviour);
}

// What speaks against a chain by the names in it; X509_V_OK for nothing.
int namesError(const STACK_OF(X509) * chain, const Identity& identity, const Watch& watch) {
  if (identity.rejected) return X509_V_ERR_CERT_REJECTED;
  if (wildcardsAreWithinConstraints(chain, identity) || watch.forgives(X509_V_ERR_EXCLUDED_VIOLATION)) return X509_V_OK;
  return X509_V_ERR_EXCLUDED_VIOLATION;
}

}  // namespace

bool isTrusted(const ChainFacts& facts, const Behaviour& behaviour) {
  return facts.verified && errorOf(facts, behaviour) == X509_V_OK;
}

ClientCertificate judgeChain(X509_STORE_CTX* context, const Conduct& conduct,
                             const std::vector<RevocationList>& fetched) {
  ClientCertificate client;
  client.presented = true;
  Watch watch{conduct.faults, {conduct.faults.lists, fetched}};
  ChainFacts facts;
  facts.verified = verify(context, watch, conduct.behaviour.revocation);
  if (!facts.verified) return client;

  X509* const leaf = X509_STORE_CTX_get0_cert(context);
  const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context);
  const CertificateNames names = readNames(leaf);
  facts.purposes = sharedPurposes(chain);
  facts.revocation = watch.revocation.resultFor(chain);
  facts.commonNameOutsideConstraint = !areWithinConstraints(chain, constrainedCommonNames(names, conduct.behaviour)) &&
                                      !watch.forgives(X509_V_ERR_PERMITTED_VIOLATION);
  Identity identity = identityOf(names, {leaf, X509_STORE_CTX_get0_untrusted(context)}, conduct);
  int error = maySign(leaf) ? errorOf(facts, conduct.behaviour) : X509_V_ERR_INVALID_PURPOSE;
  if (error == X509_V_OK) error = namesError(chain, identity, watch);
  X509_STORE_CTX_set_error(context, error);
  client.trusted = error == X509_V_OK;
  if (client.trusted) client.identity = std::move(identity);
  return client;
}

ClientCertificate recallLeaf(X509* leaf, bool trusted, const Conduct& conduct) {
  ClientCertificate client;
  client.presented = true;
  client.trusted = trusted;
  if (trusted) client.identity = identityOf(readNames(leaf), {leaf, nullptr}, conduct);
  return client;
}

}  // namespace relayproof::reference
