#include "certs/revocation.h"

#include <algorithm>
#include <optional>

#include "certs/owned.h"

namespace relayproof::certs {
namespace {

Owned<X509> parse(const std::string& der) {
  const auto* octets = reinterpret_cast<const unsigned char*>(der.data());
  return Owned<X509>(d2i_X509(nullptr, &octets, static_cast<long>(der.size())));
}

/// nullopt: it names no place of a list.
std::optional<std::vector<std::string>> placesOf(const X509* certificate) {
  const Owned<CRL_DIST_POINTS> points(
      static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  if (!points) return std::nullopt;
  std::vector<std::string> places;
  for (int p = 0; p < sk_DIST_POINT_num(points.get()); ++p) {
    const DIST_POINT* point = sk_DIST_POINT_value(points.get(), p);
    if (point->distpoint == nullptr || point->distpoint->type != 0) continue;
    const GENERAL_NAMES* names = point->distpoint->name.fullname;
    for (int n = 0; n < sk_GENERAL_NAME_num(names); ++n) {
      const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, n);
      if (name->type != GEN_URI) continue;
      const ASN1_STRING* uri = name->d.uniformResourceIdentifier;
      places.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                          static_cast<std::size_t>(ASN1_STRING_length(uri)));
    }
  }
  return places;
}

bool isCurrent(const X509_CRL* list, std::int64_t at) {
  auto time = static_cast<time_t>(at);
  const ASN1_TIME* next = X509_CRL_get0_nextUpdate(list);
  return X509_cmp_time(X509_CRL_get0_lastUpdate(list), &time) < 0 && next != nullptr && X509_cmp_time(next, &time) > 0;
}

bool isBy(X509_CRL* list, X509* issuer) {
  return X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) == 0 &&
         (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0 && X509_CRL_verify(list, X509_get0_pubkey(issuer)) == 1;
}

Standing standingOn(const std::string& octets, X509* certificate, const std::vector<X509*>& issuers, std::int64_t at) {
  const auto* begin = reinterpret_cast<const unsigned char*>(octets.data());
  const Owned<X509_CRL> list(d2i_X509_CRL(nullptr, &begin, static_cast<long>(octets.size())));
  if (!list || !isCurrent(list.get(), at)) return Standing::unknown;
  const X509_NAME* name = X509_get_issuer_name(certificate);
  if (X509_NAME_cmp(X509_CRL_get_issuer(list.get()), name) != 0 ||
      std::none_of(issuers.begin(), issuers.end(), [&](X509* issuer) { return isBy(list.get(), issuer); }))
    return Standing::unknown;
  X509_REVOKED* entry = nullptr;
  return X509_CRL_get0_by_cert(list.get(), &entry, certificate) == 1 ? Standing::revoked : Standing::good;
}

}  // namespace

Standing standingOf(const std::vector<std::string>& chain, const std::vector<std::string>& issuers, const ByUri& lists,
                    std::int64_t at) {
  std::vector<Owned<X509>> owned;
  std::vector<X509*> all;
  for (const auto* group : {&chain, &issuers})
    for (const std::string& der : *group)
      if (Owned<X509> certificate = parse(der)) {
        all.push_back(certificate.get());
        owned.push_back(std::move(certificate));
      }
  Standing standing = Standing::notNamed;
  for (std::size_t i = 0; i < std::min(chain.size(), all.size()); ++i) {
    const auto places = placesOf(all[i]);
    if (!places) continue;
    Standing one = Standing::unknown;
    for (const std::string& place : *places)
      if (const auto list = lists.find(place); list != lists.end() && one == Standing::unknown)
        one = standingOn(list->second, all[i], all, at);
    if (one == Standing::revoked) return one;
    if (standing != Standing::unknown) standing = one;
  }
  return standing;
}

}  // namespace relayproof::certs
