#include "certs/verify.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "certs/identifiers.h"
#include "certs/owned.h"

namespace relayproof::certs {
namespace {

using Purposes = std::optional<std::vector<std::string>>;

Owned<X509> parse(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Owned<X509>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::string purposeName(const ASN1_OBJECT* object) {
  switch (OBJ_obj2nid(object)) {
    case NID_client_auth:
      return "clientAuth";
    case NID_server_auth:
      return "serverAuth";
    case NID_anyExtendedKeyUsage:
      return "any";
    default:
      break;
  }
  std::string dotted(256, '\0');
  const int size = OBJ_obj2txt(dotted.data(), static_cast<int>(dotted.size()), object, 1);
  dotted.resize(size < 0 ? 0 : std::min(dotted.size() - 1, static_cast<std::size_t>(size)));
  return dotted;
}

// What one certificate allows; nullopt: no extension.
Purposes purposesOf(const X509* certificate) {
  const Owned<EXTENDED_KEY_USAGE> usage(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  if (!usage) return std::nullopt;
  std::vector<std::string> purposes;
  for (int i = 0; i < sk_ASN1_OBJECT_num(usage.get()); ++i) {
    const ASN1_OBJECT* purpose = sk_ASN1_OBJECT_value(usage.get(), i);
    purposes.push_back(purposeName(purpose));
  }
  return purposes;
}

bool holds(const std::vector<std::string>& purposes, std::string_view purpose) {
  return std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
}

// Where one of the two allows a TLS purpose by "any" alone, so do both together.
Purposes both(const Purposes& some, const Purposes& others) {
  if (!some || !others) return some ? some : others;
  std::vector<std::string> common;
  for (const std::string& purpose : *some)
    if (holds(*others, purpose)) common.push_back(purpose);
  const auto byAny = [](const std::vector<std::string>& one, const std::vector<std::string>& other) {
    return holds(one, "any") && (holds(other, "clientAuth") || holds(other, "serverAuth"));
  };
  if (!holds(common, "any") && (byAny(*some, *others) || byAny(*others, *some))) common.emplace_back("any");
  return common;
}

std::string lowerAscii(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text)
    out.push_back(c >= U'A' && c <= U'Z' ? static_cast<char>(c + 32) : c < 0x80 ? static_cast<char>(c) : '?');
  return out;
}

// `domain` itself, or a name below it; a leading dot in a constraint means the same here.
bool within(std::string_view name, std::string_view domain) {
  while (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.empty()) return true;
  return name.ends_with(domain) && (name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.');
}

std::vector<std::string> dnsSubtrees(const STACK_OF(GENERAL_SUBTREE) * subtrees) {
  std::vector<std::string> domains;
  for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); ++i) {
    const GENERAL_NAME* base = sk_GENERAL_SUBTREE_value(subtrees, i)->base;
    if (base->type != GEN_DNS) continue;
    const auto* octets = reinterpret_cast<const char*>(ASN1_STRING_get0_data(base->d.dNSName));
    const std::string_view text(octets, static_cast<std::size_t>(ASN1_STRING_length(base->d.dNSName)));
    domains.push_back(lowerAscii(std::u32string(text.begin(), text.end())));
  }
  return domains;
}

// A wildcard is outside where one name that it stands for is.
bool outside(std::string_view name, const NAME_CONSTRAINTS& constraints) {
  const bool wildcard = name.starts_with("*.");
  const std::string_view domain = wildcard ? name.substr(2) : name;
  const std::vector<std::string> permitted = dnsSubtrees(constraints.permittedSubtrees);
  const std::vector<std::string> excluded = dnsSubtrees(constraints.excludedSubtrees);
  const auto holds = [&](const std::string& subtree) { return within(domain, subtree); };
  if (!permitted.empty() && std::none_of(permitted.begin(), permitted.end(), holds)) return true;
  return std::any_of(excluded.begin(), excluded.end(), [&](const std::string& subtree) {
    const std::size_t dot = subtree.find('.');
    const bool standsFor = wildcard && dot != std::string::npos && subtree.substr(dot + 1) == domain;
    return standsFor || within(domain, subtree);
  });
}

// The common names of a leaf that look like domain names, by their place: a dot, no space (free text is no identifier).
// The dot of the root behind one is no part of it.
std::map<std::size_t, std::string> domainLikeCommonNames(const std::string& leaf) {
  std::map<std::size_t, std::string> names;
  const auto identifiers = subjectIdentifiers(leaf);
  if (!identifiers) return names;
  for (std::size_t place = 0; place < identifiers->commonNames.size(); ++place) {
    const PresentedIdentifier& name = identifiers->commonNames[place];
    const auto text = decodeString(name.type, name.octets);
    if (!text || text->find(U' ') != std::u32string::npos || text->find(U'.') == std::u32string::npos) continue;
    std::string lower = lowerAscii(*text);
    if (lower.ends_with('.')) lower.pop_back();
    names.emplace(place, std::move(lower));
  }
  return names;
}

std::set<std::size_t> commonNamesOutside(const std::string& leaf, const STACK_OF(X509) * path) {
  std::set<std::size_t> places;
  const auto names = domainLikeCommonNames(leaf);
  for (int i = 1; i < sk_X509_num(path); ++i) {
    const Owned<NAME_CONSTRAINTS> constraints(static_cast<NAME_CONSTRAINTS*>(
        X509_get_ext_d2i(sk_X509_value(path, i), NID_name_constraints, nullptr, nullptr)));
    if (!constraints) continue;
    for (const auto& [place, name] : names)
      if (outside(name, *constraints)) places.insert(place);
  }
  return places;
}

// OpenSSL reads nothing of a leaf whose subjectAltName it cannot decode, not even who issued it. What such names mean
// is the profile's matter, so a copy without them goes through the verification in the leaf's place.
Owned<X509> withoutSubjectAltName(const X509* leaf) {
  Owned<X509> copy(X509_dup(leaf));
  while (copy) {
    const int at = X509_get_ext_by_NID(copy.get(), NID_subject_alt_name, -1);
    if (at < 0) break;
    X509_EXTENSION_free(X509_delete_ext(copy.get(), at));
  }
  return copy;
}

// A certificate is valid through notAfter, inclusive (RFC 5280 4.1.2.5); OpenSSL ends it a second earlier.
bool isLastSecond(X509_STORE_CTX* context) {
  time_t before = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context)) - 1;
  const X509* certificate = X509_STORE_CTX_get_current_cert(context);
  return X509_cmp_time(X509_get0_notAfter(certificate), &before) > 0;
}

// The copy cannot bear the leaf's signature; the leaf itself, which is the context's application data, has to.
bool isSignedLeaf(X509_STORE_CTX* context) {
  auto* leaf = static_cast<X509*>(X509_STORE_CTX_get_app_data(context));
  if (leaf == nullptr || X509_STORE_CTX_get_error_depth(context) != 0) return false;
  const X509* issuer = sk_X509_value(X509_STORE_CTX_get0_chain(context), 1);
  return issuer != nullptr && X509_verify(leaf, X509_get0_pubkey(issuer)) == 1;
}

int forgive(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  switch (X509_STORE_CTX_get_error(context)) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return isLastSecond(context) ? 1 : 0;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return isSignedLeaf(context) ? 1 : 0;
    default:
      return 0;
  }
}

ChainFacts unverified(std::string why) {
  ChainFacts facts;
  facts.error = std::move(why);
  return facts;
}

}  // namespace

struct ChainVerifier::State {
  static constexpr std::size_t kMostIssuers = 200;  // a caller with ever new ones starts afresh now and then

  Owned<X509_STORE> store{X509_STORE_new()};
  std::map<std::string, Owned<X509>> issuers;

  X509* issuer(const std::string& der) {
    Owned<X509>& certificate = issuers[der];
    if (!certificate) certificate = parse(der);
    return certificate.get();
  }
};

bool isSelfIssued(const std::string& certificate) {
  const Owned<X509> parsed = parse(certificate);
  return parsed && X509_NAME_cmp(X509_get_subject_name(parsed.get()), X509_get_issuer_name(parsed.get())) == 0;
}

ChainVerifier::ChainVerifier(const std::vector<std::string>& anchors) : state_(std::make_unique<State>()) {
  for (const std::string& anchor : anchors)
    if (const Owned<X509> certificate = parse(anchor)) {
      X509_STORE_add_cert(state_->store.get(), certificate.get());
      if (!isSelfIssued(anchor)) X509_STORE_set_flags(state_->store.get(), X509_V_FLAG_PARTIAL_CHAIN);
    }
}

ChainVerifier::~ChainVerifier() = default;
ChainVerifier::ChainVerifier(ChainVerifier&&) noexcept = default;

ChainFacts ChainVerifier::verify(const std::vector<std::string>& chain, std::int64_t at) {
  if (chain.empty()) return unverified("no certificate was sent");
  const Owned<X509> leaf = parse(chain.front());
  if (!leaf) return unverified("the certificate cannot be decoded");

  if (state_->issuers.size() > State::kMostIssuers) state_->issuers.clear();
  const Owned<STACK_OF(X509)> sent(sk_X509_new_null());
  for (std::size_t i = 1; i < chain.size(); ++i) {
    X509* certificate = state_->issuer(chain[i]);
    if (!certificate) return unverified("a certificate of the chain cannot be decoded");
    if (sk_X509_push(sent.get(), certificate) > 0) X509_up_ref(certificate);
  }

  const auto names = subjectIdentifiers(chain.front());
  const Owned<X509> standIn = names && names->subjectAltNameMalformed ? withoutSubjectAltName(leaf.get()) : nullptr;
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509* verified = standIn ? standIn.get() : leaf.get();
  if (!context || X509_STORE_CTX_init(context.get(), state_->store.get(), verified, sent.get()) != 1)
    return unverified("OpenSSL cannot verify");
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(at));
  // Without this OpenSSL holds a common name against dNSName constraints by itself; the profile decides that.
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  X509_STORE_CTX_set_verify_cb(context.get(), forgive);
  if (standIn) X509_STORE_CTX_set_app_data(context.get(), leaf.get());

  ChainFacts facts;
  facts.verified = X509_verify_cert(context.get()) == 1;
  const int code = X509_STORE_CTX_get_error(context.get());
  // OpenSSL 3.5 does not even decode some of the times that earlier versions stumble over here.
  if (code == X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD || code == X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD)
    return unverified("the certificate cannot be decoded");
  if (!facts.verified) facts.error = X509_verify_cert_error_string(code);

  // Of a path that did not verify only the leaf is certain.
  const STACK_OF(X509)* path = X509_STORE_CTX_get0_chain(context.get());
  const int belowAnchor = facts.verified ? std::max(1, sk_X509_num(path) - 1) : 1;
  for (int i = 0; i < belowAnchor; ++i) {
    const X509* certificate = i == 0 ? leaf.get() : sk_X509_value(path, i);
    facts.extendedKeyUsage = both(facts.extendedKeyUsage, purposesOf(certificate));
    facts.namesCrl = facts.namesCrl || X509_get_ext_by_NID(certificate, NID_crl_distribution_points, -1) >= 0;
  }
  if (facts.verified) facts.commonNamesOutsideConstraint = commonNamesOutside(chain.front(), path);
  return facts;
}

ChainFacts verifyChain(const std::vector<std::string>& chain, const std::vector<std::string>& anchors,
                       std::int64_t at) {
  return ChainVerifier(anchors).verify(chain, at);
}

}  // namespace relayproof::certs
