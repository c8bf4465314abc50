// known.json: differences that somebody knows and goes on past (corpus/schema/known.schema.json).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"

namespace relayproof::fuzz {

/// A difference, as a find shows it and an entry of known.json names it.
struct Difference {
  std::string_view answer;  ///< the matcher's: "match", "no match", "malformed"
  std::string_view why;     ///< the core's reason for its own
  std::string_view pattern;
  std::string_view presented;  ///< what is presented, as a person may see it: "DNS-ID mail.contoso.test\x00"
};

class Known {
 public:
  Known() = default;
  /// Throws Error.
  explicit Known(const Node& root);
  /// The file that the variable RELAYPROOF_KNOWN names; without it none. One that cannot be read ends the program.
  static const Known& inForce();
  bool covers(const Difference& difference) const;

 private:
  struct Entry {
    std::string answer, why, pattern, presented;  ///< the last three are globs
  };
  std::vector<Entry> entries_;
};

/// An entry for this difference, whatever the names, to be narrowed by whoever takes it. `presented` is a glob.
std::string entryFor(const Difference& difference, std::string_view presented);

}  // namespace relayproof::fuzz
