#include "fuzz/known.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "certs/glob.h"

namespace relayproof::fuzz {
namespace {

constexpr std::string_view kSchema = "relayproof.known/1";

Known knownFromEnvironment() {
  const char* file = std::getenv("RELAYPROOF_KNOWN");
  if (file == nullptr) return {};
  const auto known = readDocumentFile(file, [](const Node& root) { return Known(root); });
  if (known) return *known;
  std::fprintf(stderr, "RELAYPROOF_KNOWN: %s\n", known.error().text().c_str());
  std::exit(2);
}

}  // namespace

Known::Known(const Node& root) {
  root.allowOnly({"schema", "versions", "known"});
  if (root.at("schema").string() != kSchema)
    root.at("schema").fail("is another schema", "write \"relayproof.known/1\"");
  for (const Node& entry : root.at("known").array()) {
    entry.allowOnly({"reason", "answer", "why", "pattern", "presented", "example"});
    if (entry.at("reason").string().empty()) entry.at("reason").fail("is empty", "say why the difference is accepted");
    entries_.push_back({entry.at("answer").string(), entry.at("why").string(), entry.stringOr("pattern", "*"),
                        entry.stringOr("presented", "*")});
  }
}

const Known& Known::inForce() {
  static const Known known = knownFromEnvironment();
  return known;
}

bool Known::covers(const Difference& difference) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.answer == difference.answer && globMatches(entry.why, difference.why) &&
           globMatches(entry.pattern, difference.pattern) && globMatches(entry.presented, difference.presented);
  });
}

std::string entryFor(const Difference& difference, std::string_view presented) {
  return Json{{"reason", ""},
              {"answer", difference.answer},
              {"why", difference.why},
              {"pattern", "*"},
              {"presented", presented}}
      .dump();
}

}  // namespace relayproof::fuzz
