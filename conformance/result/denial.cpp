#include "conformance/result/denial.h"

#include <algorithm>
#include <array>

namespace relayproof::result {
namespace {

constexpr std::array kDenialCodes = {530, 550, 553, 554};
// RFC 5321 4.2.3: unrecognised, syntax, not implemented, bad sequence, size, parameters.
constexpr std::array kOtherCauseCodes = {500, 501, 502, 503, 504, 552, 555};
// RFC 3463 3: addressing, mailbox, mail system, protocol, content.
constexpr std::array<std::string_view, 5> kOtherCauseSubjects = {"5.1.", "5.2.", "5.3.", "5.5.", "5.6."};
// Relaying denied, and the restriction of a Partner connector.
constexpr std::array<std::string_view, 2> kStrictCodes = {"5.7.64", "5.7.51"};

template <class Values, class Value>
bool holds(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

Refusal classify(int code, std::string_view enhanced, bool strict) {
  const bool otherSubject = std::any_of(kOtherCauseSubjects.begin(), kOtherCauseSubjects.end(),
                                        [&](std::string_view subject) { return enhanced.starts_with(subject); });
  if (holds(kOtherCauseCodes, code) || otherSubject) return Refusal::otherCause;
  const bool denial = strict ? code == 550 && holds(kStrictCodes, enhanced)
                             : holds(kDenialCodes, code) && (enhanced.empty() || enhanced.starts_with("5.7."));
  return denial ? Refusal::denial : Refusal::wrongReply;
}

}  // namespace relayproof::result
