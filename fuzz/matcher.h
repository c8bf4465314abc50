// A matcher under test (relay_matcher.h), linked or a shared library, and what it does other than answer.
#pragma once

#include <optional>

#include "fuzz/question.h"
#include "fuzz/relay_matcher.h"

namespace relayproof::fuzz {

struct Matcher {
  decltype(relay_match_name)* name = nullptr;
  decltype(relay_match_certificate)* certificate = nullptr;

  /// The library that the variable RELAYPROOF_MATCHER names, else what was linked. Says on standard error which, and
  /// whether it is instrumented. A library that cannot be loaded, or was built with another version of the header, ends
  /// the program.
  static const Matcher& yours();
  /// Is there one to be loaded, or a linked one?
  static bool isThere();
};

/// One of the four answers. Asks twice. Whatever else the matcher does (crashes, hangs, exits, forks, writes, answers
/// nonsense or another thing the second time) is reported with the question, and ends the program.
int ask(const Matcher& matcher, const Question& question);

/// Prints what was found and the question that shows it, and aborts. `answer`: the one that is wrong, where it is that.
[[noreturn]] void report(const Question& question, const char* what, std::optional<int> answer = {});

/// "match", "no match", "malformed", "declines".
const char* answerName(int answer);

}  // namespace relayproof::fuzz
