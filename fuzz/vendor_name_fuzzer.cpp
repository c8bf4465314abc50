// A vendor's matcher (relay_matcher.h) against the core: one connector pattern, one presented name.
#include "fuzz/data.h"
#include "fuzz/entry.h"
#include "fuzz/judge.h"
#include "fuzz/match_input.h"

namespace {

using namespace relayproof;
using namespace relayproof::fuzz;

void judgeName(MatchInput input) {
  const auto pattern = verdict::DomainPattern::parse(input.pattern).pattern;
  if (!pattern) return;  // no tenancy has such a connector
  using verdict::Option;
  const bool commonNamesCount = profileInForce().allows(Option::commonName, "always") ||
                                profileInForce().allows(Option::commonName, "whenNoDnsId") ||
                                profileInForce().allows(Option::commonName, "whenNoSubjectIdentifier");
  if (input.kind == certs::IdentifierKind::commonName && !commonNamesCount) return;
  const auto type = input.kind == certs::IdentifierKind::commonName ? certs::StringType::utf8 : certs::StringType::ia5;
  const auto answersTo = [&](const std::string& name) {
    const Question question{input.pattern, name, input.kind};
    return Answers{question,
                   verdict::matchName(*pattern, {input.kind, type, name}, profileInForce()),
                   ask(Matcher::yours(), question),
                   {}};
  };
  const auto isAsked = [&](const std::string& name) {
    return type == certs::StringType::ia5 || certs::decodeString(type, name);
  };
  if (!isAsked(input.name)) return;
  Answers answers = answersTo(input.name);
  const auto shows = [&](const std::string& name) {
    Answers other = answersTo(name);
    other.presented = textOf(MatchInput{input.kind, input.pattern, name});
    return isWrong(other) && alike(answers, other);
  };
  if (!isContradicted(answers) || !shows(input.name)) return;
  input.name = shrunk(input.name, [&](const std::string& name) { return isAsked(name) && shows(name); });
  answers.question.presented = input.name;
  answers.presented = textOf(input);
  reportWrong(answers);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  prepare(*arguments);
  setLongest(count, arguments);
  require(Matcher::yours().name != nullptr, "relay_match_name");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Arena arena;
  auto input = MatchInput::from({reinterpret_cast<const char*>(data), size});
  if (!input) return -1;
  judgeName(*std::move(input));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  return mutated<MatchInput>(data, size, most, seed);
}
