#include "certs/lint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <optional>

#include "certs/identifiers.h"
#include "certs/owned.h"
#include "certs/verify.h"
#include "certs/x509_time.h"

namespace relayproof::certs {
namespace {

constexpr int kFewestRsaBits = 2048;
constexpr int kFewestCurveBits = 224;
constexpr int kFewestSecurityBits = 80;  // of a signature's digest: SHA-1 has fewer
constexpr int kLongestSerial = 20;       // octets, RFC 5280 4.1.2.2
constexpr std::int64_t kLast32Bit = 2'147'483'647;

struct Subject {
  std::vector<Owned<X509>> chain;
  SubjectIdentifiers names;
  ChainFacts facts;
  std::int64_t at;

  X509* leaf() const { return chain.front().get(); }
};

using What = std::optional<std::string>;

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string nameOf(const X509_NAME* name) {
  std::string text(512, '\0');
  X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
  text.resize(text.find('\0'));
  return escaped(text);
}

bool selfIssued(const X509* certificate) {
  return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

bool issued(X509* issuer, X509* subject) {
  return X509_NAME_cmp(X509_get_subject_name(issuer), X509_get_issuer_name(subject)) == 0 &&
         X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
}

What expired(const Subject& subject) {
  const bool past = secondsOf(X509_get0_notAfter(subject.leaf())) < subject.at;
  return past ? What("it is no longer valid") : std::nullopt;
}

What notYetValid(const Subject& subject) {
  const bool future = secondsOf(X509_get0_notBefore(subject.leaf())) > subject.at;
  return future ? What("it is not yet valid") : std::nullopt;
}

What noIdentifier(const Subject& subject) {
  const bool none = subject.names.commonNames.empty() && subject.names.dnsIds.empty();
  return none ? What("it has neither a CN nor a DNS-ID: no certificate connector can match it") : std::nullopt;
}

What malformedSubjectAltName(const Subject& subject) {
  return subject.names.subjectAltNameMalformed
             ? What("its subjectAltName is empty, stands twice or cannot be decoded (RFC 5280 4.2, 4.2.1.6)")
             : std::nullopt;
}

What malformedUri(const Subject& subject) {
  return subject.names.uriMalformed ? What("a URI of its subjectAltName holds an octet that none has (RFC 3986 2)")
                                    : std::nullopt;
}

What authority(const Subject& subject) {
  return X509_check_ca(subject.leaf()) == 1 ? What("it is a CA's certificate: an end entity presents its own")
                                            : std::nullopt;
}

What purpose(const Subject& subject) {
  const auto& purposes = subject.facts.extendedKeyUsage;
  if (!purposes || holds(*purposes, "clientAuth")) return std::nullopt;
  return fmt::format("its purposes are {}, and clientAuth is none of them: a relay that asks for it refuses",
                     purposes->empty() ? "none" : fmt::format("{}", fmt::join(*purposes, ", ")));
}

What keyUsage(const Subject& subject) {
  const std::uint32_t usage = X509_get_key_usage(subject.leaf());
  return usage != UINT32_MAX && (usage & KU_DIGITAL_SIGNATURE) == 0
             ? What("its key usage lacks digitalSignature, which TLS client authentication needs")
             : std::nullopt;
}

What criticalExtension(const Subject& subject) {
  for (int i = 0; i < X509_get_ext_count(subject.leaf()); ++i) {
    X509_EXTENSION* extension = X509_get_ext(subject.leaf(), i);
    if (X509_EXTENSION_get_critical(extension) == 0 || X509_supported_extension(extension) == 1) continue;
    std::array<char, 128> oid{};
    OBJ_obj2txt(oid.data(), static_cast<int>(oid.size()), X509_EXTENSION_get_object(extension), 1);
    return fmt::format("its extension {} is critical and unknown to most", oid.data());
  }
  return std::nullopt;
}

What weakSignature(const Subject& subject) {
  for (const auto& certificate : subject.chain) {
    int digest = 0, bits = 0;
    if (selfIssued(certificate.get())) continue;  // nobody looks at the signature of a root
    if (X509_get_signature_info(certificate.get(), &digest, nullptr, &bits, nullptr) == 1 && bits < kFewestSecurityBits)
      return fmt::format("{} is signed with {}, which TLS stacks refuse by default",
                         nameOf(X509_get_subject_name(certificate.get())), OBJ_nid2sn(digest));
  }
  return std::nullopt;
}

What weakKey(const Subject& subject) {
  const EVP_PKEY* key = X509_get0_pubkey(subject.leaf());
  if (key == nullptr) return "its key cannot be read";
  const int bits = EVP_PKEY_get_bits(key);
  const int fewest = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA || EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA_PSS
                         ? kFewestRsaBits
                         : kFewestCurveBits;
  return bits < fewest ? What(fmt::format("its key has {} bits, {} are the fewest that TLS stacks take", bits, fewest))
                       : std::nullopt;
}

What brokenChain(const Subject& subject) {
  for (std::size_t i = 0; i + 1 < subject.chain.size(); ++i) {
    X509* one = subject.chain[i].get();
    if (selfIssued(one) || issued(subject.chain[i + 1].get(), one)) continue;
    const bool elsewhere = std::any_of(subject.chain.begin(), subject.chain.end(),
                                       [&](const auto& other) { return issued(other.get(), one); });
    return fmt::format("certificate {} of the chain was not issued by the one after it{}", i + 1,
                       elsewhere ? ": the order is wrong" : "");
  }
  return std::nullopt;
}

What alone(const Subject& subject) {
  if (subject.chain.size() > 1) return std::nullopt;
  return selfIssued(subject.leaf())
             ? "it is self-signed: no relay that trusts certification authorities trusts it"
             : fmt::format("it stands alone: a relay that lacks the certificate of its issuer, {}, cannot verify it",
                           nameOf(X509_get_issuer_name(subject.leaf())));
}

What longSerial(const Subject& subject) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(subject.leaf());
  const bool negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;
  return negative || ASN1_STRING_length(serial) > kLongestSerial
             ? What("its serial number is negative or has more than 20 octets (RFC 5280 4.1.2.2)")
             : std::nullopt;
}

What commonNameAlone(const Subject& subject) {
  return subject.names.dnsIds.empty() && !subject.names.commonNames.empty()
             ? What("its only name is a CN: a relay by RFC 9525 sees no identifier")
             : std::nullopt;
}

What severalCommonNames(const Subject& subject) {
  const std::size_t count = subject.names.commonNames.size();
  return count > 1 ? What(fmt::format("it has {} CNs: relays differ in which of them they read", count)) : std::nullopt;
}

What commonNameBesides(const Subject& subject) {
  if (subject.names.dnsIds.empty()) return std::nullopt;
  const auto repeated = [&](const PresentedIdentifier& cn) {
    return std::any_of(subject.names.dnsIds.begin(), subject.names.dnsIds.end(),
                       [&](const PresentedIdentifier& id) { return id.octets == cn.octets; });
  };
  for (const PresentedIdentifier& cn : subject.names.commonNames)
    if (cn.octets.find('.') != std::string::npos && cn.octets.find(' ') == std::string::npos && !repeated(cn))
      return fmt::format("its CN {} is none of its DNS-IDs: relays differ in whether it counts", escaped(cn.octets));
  return std::nullopt;
}

What beyond32Bits(const Subject& subject) {
  return secondsOf(X509_get0_notAfter(subject.leaf())) > kLast32Bit
             ? What("it is valid beyond 2038-01-19, which a gateway with 32-bit times cannot hold")
             : std::nullopt;
}

struct Rule {
  Finding::Level level;
  std::string_view name;
  What (*check)(const Subject&);
};

constexpr std::array<Rule, 18> kRules{{{Finding::Level::fault, "no-identifier", noIdentifier},
                                       {Finding::Level::fault, "malformed-subject-alt-name", malformedSubjectAltName},
                                       {Finding::Level::fault, "malformed-uri", malformedUri},
                                       {Finding::Level::fault, "expired", expired},
                                       {Finding::Level::fault, "not-yet-valid", notYetValid},
                                       {Finding::Level::fault, "authority", authority},
                                       {Finding::Level::fault, "purpose", purpose},
                                       {Finding::Level::fault, "key-usage", keyUsage},
                                       {Finding::Level::fault, "critical-extension", criticalExtension},
                                       {Finding::Level::fault, "weak-signature", weakSignature},
                                       {Finding::Level::fault, "weak-key", weakKey},
                                       {Finding::Level::fault, "chain", brokenChain},
                                       {Finding::Level::fault, "serial", longSerial},
                                       {Finding::Level::note, "alone", alone},
                                       {Finding::Level::note, "common-name-alone", commonNameAlone},
                                       {Finding::Level::note, "several-common-names", severalCommonNames},
                                       {Finding::Level::note, "common-name-besides", commonNameBesides},
                                       {Finding::Level::note, "beyond-2038", beyond32Bits}}};

}  // namespace

Expected<std::vector<Finding>> lintChain(const std::vector<std::string>& chain, std::int64_t at) {
  const auto names = subjectIdentifiers(chain.front());
  if (!names) return names.error();
  Subject subject{{}, *names, verifyChain(chain, {}, at), at};
  for (const std::string& der : chain) {
    const auto* octets = reinterpret_cast<const unsigned char*>(der.data());
    Owned<X509> certificate(d2i_X509(nullptr, &octets, static_cast<long>(der.size())));
    if (!certificate)
      return std::vector{
          Finding{Finding::Level::fault, "undecodable",
                  fmt::format("OpenSSL cannot decode certificate {} of the chain", subject.chain.size() + 1)}};
    subject.chain.push_back(std::move(certificate));
  }
  std::vector<Finding> findings;
  for (const Rule& rule : kRules)
    if (auto what = rule.check(subject)) findings.push_back({rule.level, rule.name, std::move(*what)});
  return findings;
}

}  // namespace relayproof::certs
