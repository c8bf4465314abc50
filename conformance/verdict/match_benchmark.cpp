// matchName beside X509_check_host on the same names. OpenSSL reads a parsed certificate; we read the octets.
#include <benchmark/benchmark.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "conformance/verdict/decide.h"

namespace relayproof::verdict {
namespace {

struct Sample {
  const char* pattern;
  const char* presented;
};
constexpr Sample kSamples[] = {{"mail.contoso.test", "mail.contoso.test"},
                               {"mail.contoso.test", "*.contoso.test"},
                               {"mail.contoso.test", "mail.fabrikam.test"}};

Profile strictProfile() {
  Profile profile{"strict", {}};
  for (std::size_t i = 0; i < kOptionCount; ++i) profile.allowed[i] = 1;
  profile.allowed[static_cast<std::size_t>(Option::presentedWildcardOnExactPattern)] = 2;
  return profile;
}

// Every value of every option: the widest walk that a name can cause.
Profile openProfile() {
  Profile profile{"open", {}};
  for (std::size_t i = 0; i < kOptionCount; ++i)
    profile.allowed[i] = static_cast<std::uint8_t>((1U << optionTable()[i].values.size()) - 1U);
  return profile;
}

void matchOne(benchmark::State& state, const Profile& profile, certs::IdentifierKind kind) {
  const Sample& sample = kSamples[state.range(0)];
  state.SetLabel(std::string(sample.presented) + " on " + sample.pattern);
  const auto pattern = *DomainPattern::parse(sample.pattern).pattern;
  const certs::PresentedIdentifier presented{kind, certs::StringType::utf8, sample.presented};
  for (auto _ : state) benchmark::DoNotOptimize(matchName(pattern, presented, profile));
}
void dnsIdStrict(benchmark::State& state) { matchOne(state, strictProfile(), certs::IdentifierKind::dnsId); }
void dnsIdOpen(benchmark::State& state) { matchOne(state, openProfile(), certs::IdentifierKind::dnsId); }
void commonNameStrict(benchmark::State& state) { matchOne(state, strictProfile(), certs::IdentifierKind::commonName); }

void opensslCheckHost(benchmark::State& state) {
  const Sample& sample = kSamples[state.range(0)];
  state.SetLabel(std::string(sample.presented) + " on " + sample.pattern);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  const std::string value = std::string("DNS:") + sample.presented;
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, value.c_str());
  if (extension == nullptr || X509_add_ext(certificate.get(), extension, -1) != 1)
    throw std::runtime_error("OpenSSL takes no subjectAltName");
  X509_EXTENSION_free(extension);
  const std::string host = sample.pattern;
  for (auto _ : state)
    benchmark::DoNotOptimize(X509_check_host(certificate.get(), host.data(), host.size(), 0, nullptr));
}

BENCHMARK(dnsIdStrict)->DenseRange(0, 2);
BENCHMARK(dnsIdOpen)->DenseRange(0, 2);
BENCHMARK(commonNameStrict)->DenseRange(0, 2);
BENCHMARK(opensslCheckHost)->DenseRange(0, 2);

}  // namespace
}  // namespace relayproof::verdict
