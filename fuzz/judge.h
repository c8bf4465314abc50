// A matcher's answer held against the core's.
#pragma once

#include <string>

#include "conformance/verdict/decide.h"
#include "fuzz/matcher.h"

namespace relayproof::fuzz {

/// Makes what all executions share: the matcher, which is watched (watch.h), its known differences, the profile.
/// `arguments` are those of the program.
void prepare(char** arguments);

/// What the names of a certificate say, taken for one that verifies.
verdict::ClientCertificate factsOf(const certs::SubjectIdentifiers& names);

/// A question and both answers to it.
struct Answers {
  Question question;
  verdict::MatchAnswer ours;  ///< no match, a match, or null where the profile allows both
  int theirs = 0;
  std::string presented;    ///< what is presented, as a person may see it
  std::string alike = "*";  ///< a glob over what shows the same
};

/// Is theirs none of the answers that the profile allows?
bool isContradicted(const Answers& answers);
/// And no difference of known.json? Asks for `presented`.
bool isWrong(const Answers& answers);
[[noreturn]] void reportWrong(const Answers& answers);

/// Does `b` show the same mistake as `a`?
inline bool alike(const Answers& a, const Answers& b) { return a.theirs == b.theirs && a.ours.why == b.ours.why; }

/// As few of the items as still show what all of them show; `shows` is asked about fewer, some thousand times at most:
/// of a name of 64 kB each question takes its time.
template <class Items, class Shows>
Items shrunk(Items items, Shows shows) {
  std::size_t questionsLeft = 4000;
  for (std::size_t span = items.size(); span > 0; span /= 2)
    for (std::size_t at = 0; at + span <= items.size();) {
      if (questionsLeft-- == 0) return items;
      Items fewer = items;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(span));
      if (shows(fewer))
        items = std::move(fewer);
      else
        at += span;
    }
  return items;
}

}  // namespace relayproof::fuzz
