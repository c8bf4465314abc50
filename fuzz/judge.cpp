#include "fuzz/judge.h"

#include <fmt/format.h>
#include <unistd.h>

#include "fuzz/data.h"
#include "fuzz/known.h"
#include "fuzz/watch.h"

// There where the program has ASan.
extern "C" __attribute__((weak)) int __lsan_do_recoverable_leak_check();

namespace relayproof::fuzz {

namespace {

// The question of the slate, and nothing before it.
[[noreturn]] void answerAlone() {
  const Question there = slate().question();
  const std::string pattern(there.pattern), presented(there.presented), certificate(there.certificate);
  slate().record().answer = ask(Matcher::yours(), {pattern, presented, there.kind, certificate});
  const bool leaks = __lsan_do_recoverable_leak_check != nullptr && __lsan_do_recoverable_leak_check() != 0;
  if (leaks) slate().record().found = true;
  _exit(0);
}

}  // namespace

void prepare(char** arguments) {
  if (Matcher::isThere()) beWatched(arguments);
  Matcher::yours();
  if (isAskedAlone()) answerAlone();
  Known::inForce();
  profileInForce();
}

verdict::ClientCertificate factsOf(const certs::SubjectIdentifiers& names) {
  verdict::ClientCertificate certificate;
  certificate.verified = true;
  certificate.commonNames = names.commonNames;
  certificate.dnsNames = names.dnsIds;
  certificate.otherSubjectIdentifiers = names.otherSubjectIdentifiers;
  certificate.subjectAltNameMalformed = names.subjectAltNameMalformed || names.uriMalformed;
  return certificate;
}

namespace {

Difference differenceOf(const Answers& answers) {
  return {answerName(answers.theirs), answers.ours.why, answers.question.pattern, answers.presented};
}

}  // namespace

bool isContradicted(const Answers& answers) {
  if (!answers.ours.match || answers.theirs == RELAY_DECLINES) return false;
  return (answers.theirs == RELAY_MATCH) != *answers.ours.match;
}

bool isWrong(const Answers& answers) {
  return isContradicted(answers) && !Known::inForce().covers(differenceOf(answers));
}

void reportWrong(const Answers& answers) {
  const std::string& profile = profileInForce().name;
  const char* demand = *answers.ours.match ? "demands a match" : "allows none";
  std::string text = fmt::format("your matcher says {}, and profile {} {} ({})\n  pattern    {}\n  presented  {}\n",
                                 answerName(answers.theirs), profile, demand, answers.ours.why,
                                 certs::escaped(answers.question.pattern), answers.presented);
  text += fmt::format("to go on past it, this in known.json:\n  {}\n", entryFor(differenceOf(answers), answers.alike));
  text += fmt::format("the line for `relayproof match{}`", profile == "exo-2017" ? "" : " --profile " + profile);
  report(answers.question, text.c_str(), answers.theirs);
}

}  // namespace relayproof::fuzz
