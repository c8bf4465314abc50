// Holds the core's answer for one name against the reference relay's, which is written by other hands, and against a
// matcher of your own where there is one (relay_matcher.h).
#include "fuzz/data.h"
#include "fuzz/entry.h"
#include "fuzz/judge.h"
#include "fuzz/match_input.h"
#include "runners/reference/identity.h"

namespace {

using namespace relayproof;
using namespace relayproof::fuzz;

bool referenceMatches(const MatchInput& input, const reference::Pattern& pattern) {
  reference::CertificateNames names;
  if (input.kind == certs::IdentifierKind::dnsId)
    names.dnsNames = {input.name};
  else
    names.commonNames = {input.name};
  const reference::Behaviour behaviour;
  for (const reference::Presented& presented : reference::identify(names, behaviour).ids)
    if (reference::matches(behaviour, pattern, presented)) return true;
  return false;
}

const verdict::Profile& notice() {
  static const verdict::Profile profile = profileNamed("exo-2017");
  return profile;
}

void matchOne(const MatchInput& input) {
  const Question question{input.pattern, input.name, input.kind};
  const auto pattern = verdict::DomainPattern::parse(input.pattern).pattern;
  const auto theirs = reference::parsePattern(input.pattern);
  if (pattern.has_value() != theirs.has_value())
    report(question, "the core and the reference relay differ on whether this is a pattern");
  if (!pattern) return;
  const auto type = input.kind == certs::IdentifierKind::commonName ? certs::StringType::utf8 : certs::StringType::ia5;
  if (type == certs::StringType::utf8 && !certs::decodeString(type, input.name)) return;  // is never asked
  // What the documents leave open is open here too: the profile of the notice.
  const verdict::MatchAnswer answer = verdict::matchName(*pattern, {input.kind, type, input.name}, notice());
  if (!answer.match) return;
  if (referenceMatches(input, *theirs) != *answer.match)
    report(question, ("the reference relay says otherwise than the core (" + answer.why + ")").c_str());
  if (Matcher::yours().name == nullptr) return;
  const Answers answers{question, answer, ask(Matcher::yours(), question), textOf(input)};
  if (isWrong(answers)) reportWrong(answers);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char*** arguments) {
  prepare(*arguments);
  notice();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Arena arena;
  const auto input = MatchInput::from({reinterpret_cast<const char*>(data), size});
  if (!input) return -1;
  matchOne(*input);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  return mutated<MatchInput>(data, size, most, seed);
}
