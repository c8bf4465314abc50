#include "runners/reference/revocation.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace relayproof::reference {
namespace {

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

bool namesList(const X509* certificate) {
  return X509_get_ext_by_NID(certificate, NID_crl_distribution_points, -1) >= 0;
}

struct PointsFree {
  void operator()(CRL_DIST_POINTS* points) const { CRL_DIST_POINTS_free(points); }
};

}  // namespace

std::vector<std::string> placesOfList(const X509* certificate) {
  std::vector<std::string> places;
  const std::unique_ptr<CRL_DIST_POINTS, PointsFree> points(
      static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; points != nullptr && i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT_NAME* const place = sk_DIST_POINT_value(points.get(), i)->distpoint;
    constexpr int fullName = 0;
    if (place == nullptr || place->type != fullName) continue;
    for (int n = 0; n < sk_GENERAL_NAME_num(place->name.fullname); ++n) {
      const GENERAL_NAME* const name = sk_GENERAL_NAME_value(place->name.fullname, n);
      if (name->type != GEN_URI) continue;
      const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
      places.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                          static_cast<std::size_t>(ASN1_STRING_length(uri)));
    }
  }
  return places;
}

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
  if (faults_.forgives != nullptr && faults_.forgives(error)) return true;
  unknown_.insert(depth);
  faulty_ = list;
  return true;
}

bool RevocationWatch::isRevoked(int depth, const X509* certificate) const {
  if (faults_.isOn == nullptr) return revoked_.contains(depth);
  return std::ranges::any_of(fetched_,
                             [&](const RevocationList& list) { return faults_.isOn(list.get(), certificate); });
}

Revocation RevocationWatch::resultFor(const STACK_OF(X509) * chain) const {
  auto result = Revocation::notNamed;
  const int checked = faults_.leafAlone ? 1 : sk_X509_num(chain) - 1;
  for (int depth = 0; depth < checked && result != Revocation::revoked; ++depth) {
    const X509* const certificate = sk_X509_value(chain, depth);
    if (isRevoked(depth, certificate)) result = Revocation::revoked;
    if (result == Revocation::revoked || !namesList(certificate)) continue;
    if (unknown_.contains(depth)) result = Revocation::unknown;
    if (result == Revocation::notNamed) result = Revocation::good;
  }
  return faults_.weighs == nullptr ? result : faults_.weighs(result);
}

}  // namespace relayproof::reference
