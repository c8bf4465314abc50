#include "runners/reference/revocation.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

namespace relayproof::reference {
namespace {

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

bool namesList(const X509* certificate) {
  return X509_get_ext_by_NID(certificate, NID_crl_distribution_points, -1) >= 0;
}

}  // namespace

std::variant<std::vector<RevocationList>, Problem> readRevocationLists(const std::string& file) {
  std::vector<RevocationList> lists;
  const std::unique_ptr<BIO, BioFree> pem(BIO_new_file(file.c_str(), "rb"));
  if (!pem) {
    ERR_clear_error();
    return Problem{fmt::format("revocationLists: {}: cannot be read; name a file with a CRL", file)};
  }
  while (RevocationList list{PEM_read_bio_X509_CRL(pem.get(), nullptr, nullptr, nullptr)})
    lists.push_back(std::move(list));
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (lists.empty()) {
    const std::unique_ptr<BIO, BioFree> der(BIO_new_file(file.c_str(), "rb"));
    if (RevocationList list{d2i_X509_CRL_bio(der.get(), nullptr)}) lists.push_back(std::move(list));
  }
  ERR_clear_error();
  if (lists.empty() || !ended)
    return Problem{
        fmt::format("revocationLists: {}: holds no CRL, or a damaged one; give CRLs as PEM, or one as DER", file)};
  return lists;
}

void RevocationWatch::demand(X509_STORE_CTX* context) {
  X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

bool RevocationWatch::takes(X509_STORE_CTX* context) {
  const int error = X509_STORE_CTX_get_error(context);
  const int depth = X509_STORE_CTX_get_error_depth(context);
  const X509_CRL* list = X509_STORE_CTX_get0_current_crl(context);
  if (error == X509_V_ERR_CERT_REVOKED) {
    // After a list that is not current OpenSSL names none here.
    if (list != nullptr && list != faulty_) revoked_.insert(depth);
    return true;
  }
  if (list == nullptr && error != X509_V_ERR_UNABLE_TO_GET_CRL) return false;
  unknown_.insert(depth);
  faulty_ = list;
  return true;
}

Revocation RevocationWatch::resultFor(const STACK_OF(X509) * chain) const {
  auto result = Revocation::notNamed;
  for (int depth = 0; depth + 1 < sk_X509_num(chain); ++depth) {
    if (revoked_.contains(depth)) return Revocation::revoked;
    if (!namesList(sk_X509_value(chain, depth))) continue;
    if (unknown_.contains(depth)) result = Revocation::unknown;
    if (result == Revocation::notNamed) result = Revocation::good;
  }
  return result;
}

}  // namespace relayproof::reference
