#include "conformance/verdict/match.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "conformance/verdict/decide.h"
#include "conformance/verdict/identity.h"

namespace relayproof::verdict {
namespace {

Match matchExact(const DomainPattern& pattern, const PresentedName& presented, Choices& choices) {
  if (!presented.wildcard)
    return pattern.name == presented.name ? Match{true, "the same name"} : Match{false, "another name"};
  if (!pattern.name.isBelow(presented.name)) return {false, "the presented wildcard does not stand above the pattern"};
  if (pattern.name.labelCount() != presented.name.labelCount() + 1)
    return {false, "the presented wildcard stands for one label only"};
  const auto allowed =
      static_cast<PresentedWildcardOnExactPattern>(choices.valueOf(Option::presentedWildcardOnExactPattern));
  if (allowed == PresentedWildcardOnExactPattern::never)
    return {false, "a presented wildcard does not stand for an exact name"};
  if (allowed == PresentedWildcardOnExactPattern::underTwoLabels && presented.name.labelCount() < 2)
    return {false, "the presented wildcard stands before a single label"};
  return {true, "the presented wildcard stands for the pattern's first label"};
}

Match matchWildcard(const DomainPattern& pattern, const PresentedName& presented, Choices& choices) {
  if (presented.name == pattern.name) {
    if (presented.wildcard) return {true, "the same wildcard"};
    return choices.is(Option::patternApex, PatternApex::yes) ? Match{true, "the pattern's own domain"}
                                                             : Match{false, "the pattern's own domain is not below it"};
  }
  if (!presented.name.isBelow(pattern.name)) return {false, "not below the pattern's domain"};
  const std::size_t depth = presented.name.labelCount() + (presented.wildcard ? 1 : 0) - pattern.name.labelCount();
  if (depth == 1) return {true, "one label below the pattern's domain"};
  return choices.is(Option::patternDepth, PatternDepth::any)
             ? Match{true, "several labels below the pattern's domain"}
             : Match{false, "several labels below the pattern's domain, where one is allowed"};
}

// What the combinations of a profile say together.
class Verdicts {
 public:
  void add(bool yes, bool malformed, std::string_view why, const Choices& choices) {
    (yes ? yes_ : no_) = true;
    malformedAlways_ = malformedAlways_ && malformed;
    if (why_.empty()) why_ = why;
    for (const auto& choice : choices.asked()) asked_ |= 1U << static_cast<unsigned>(choice.option);
  }

  MatchAnswer answer() const {
    if (!yes_ || !no_) return {yes_, malformedAlways_, std::string(why_)};
    std::vector<std::string_view> options;
    for (std::uint32_t left = asked_; left != 0; left &= left - 1)
      options.push_back(optionTable()[static_cast<std::size_t>(std::countr_zero(left))].name);
    return {std::nullopt, false, fmt::format("hangs on {}", fmt::join(options, ", "))};
  }

 private:
  bool yes_ = false;
  bool no_ = false;
  bool malformedAlways_ = true;
  std::string_view why_;
  std::uint32_t asked_ = 0;
};

}  // namespace

Match match(const DomainPattern& pattern, const PresentedName& presented, Choices& choices) {
  return pattern.wildcard ? matchWildcard(pattern, presented, choices) : matchExact(pattern, presented, choices);
}

MatchAnswer matchName(const DomainPattern& pattern, const certs::PresentedIdentifier& presented,
                      const Profile& profile) {
  Verdicts verdicts;
  Choices choices(profile);
  do {
    const Reading reading = readPresented(presented, choices);
    const Match matched = reading.name ? match(pattern, *reading.name, choices) : Match{false, reading.fault};
    verdicts.add(matched.yes, reading.kind == Reading::Kind::malformed, matched.why, choices);
  } while (choices.next());
  return verdicts.answer();
}

CertificateMatchAnswer matchCertificate(const DomainPattern& pattern, const ClientCertificate& certificate,
                                        const Profile& profile) {
  CertificateMatchAnswer result;
  Verdicts verdicts;
  Choices choices(profile);
  do {
    const Identifiers identifiers = presentedIdentifiers(certificate, choices);
    const bool rejected =
        identifiers.malformed && choices.is(Option::malformedSibling, MalformedSibling::rejectCertificate);
    Match best{false, "no presented identifier matches"};
    bool wellFormed = false;
    for (const Identifier& identifier : identifiers.all) {
      wellFormed = wellFormed || identifier.reading.kind != Reading::Kind::malformed;
      if (best.yes || !identifier.counts()) continue;
      const Match matched = match(pattern, *identifier.reading.name, choices);
      if (!matched.yes) continue;
      best = matched;
      if (!rejected && !result.by) result.by = *identifier.presented;
    }
    if (rejected) best = {false, "a malformed identifier rejects the certificate"};
    verdicts.add(best.yes, identifiers.malformed && (rejected || !wellFormed), best.why, choices);
  } while (choices.next());
  result.answer = verdicts.answer();
  return result;
}

}  // namespace relayproof::verdict
