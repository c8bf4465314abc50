// A vendor's matcher (relay_matcher.h) against the core: one connector pattern, one whole certificate.
#include "fuzz/certificate_input.h"
#include "fuzz/data.h"
#include "fuzz/entry.h"
#include "fuzz/judge.h"

namespace {

using namespace relayproof;
using namespace relayproof::fuzz;

struct Asked {
  std::string der;
  Answers answers;  ///< its question is about `der`
};

// Nothing where there is nothing to judge.
std::optional<Asked> asked(const CertificateInput& input, const verdict::DomainPattern& pattern) {
  Asked asked{derOf(input), {}};
  Answers& answers = asked.answers;
  answers.question = {input.pattern, {}, {}, asked.der};
  answers.theirs = ask(Matcher::yours(), answers.question);
  const Standing standing = standingOf(input);
  if (standing == Standing::undecodable || (standing == Standing::refusable && answers.theirs != RELAY_MATCH))
    return std::nullopt;
  answers.ours =
      verdict::matchCertificate(pattern, factsOf(certs::subjectIdentifiers(asked.der).value()), profileInForce())
          .answer;
  if (!isContradicted(answers)) return std::nullopt;
  answers.presented = textOf(input);
  if (!isWrong(answers)) return std::nullopt;
  return asked;
}

void judgeCertificate(CertificateInput input) {
  const auto pattern = verdict::DomainPattern::parse(input.pattern).pattern;
  if (!pattern) return;  // no tenancy has such a connector
  const auto first = asked(input, *pattern);
  if (!first) return;
  const auto shows = [&](const CertificateInput& smaller) {
    const auto again = asked(smaller, *pattern);
    return again && alike(first->answers, again->answers);
  };
  input.records = shrunk(input.records, [&](const auto& fewer) {
    CertificateInput smaller = input;
    smaller.records = fewer;
    return shows(smaller);
  });
  for (std::size_t i = 0; i < input.records.size(); ++i)
    input.records[i].text = shrunk(input.records[i].text, [&](const std::string& text) {
      CertificateInput smaller = input;
      smaller.records[i].text = text;
      return shows(smaller);
    });
  for (unsigned form = 1; form < 0x100; form <<= 1) {
    CertificateInput smaller = input;
    smaller.form = static_cast<std::uint8_t>(input.form & ~form);
    if (shows(smaller)) input.form = smaller.form;
  }
  auto last = asked(input, *pattern);
  if (!last) last = first;  // it does not answer alike any more
  last->answers.question.certificate = last->der;
  last->answers.alike = globOf(input);
  reportWrong(last->answers);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  prepare(*arguments);
  setLongest(count, arguments);
  require(Matcher::yours().certificate != nullptr, "relay_match_certificate");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Arena arena;
  auto input = CertificateInput::from({reinterpret_cast<const char*>(data), size});
  if (!input) return -1;
  judgeCertificate(*std::move(input));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  return mutated<CertificateInput>(data, size, most, seed);
}
