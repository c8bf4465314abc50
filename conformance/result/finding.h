// One thing found about a session, and the words for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/result/model.h"

namespace relayproof::result {

/// What is right for a recipient on the wire.
enum WireSet : unsigned { kAccept = 1, kDeny = 2, kRefuseTls = 4 };

struct Judgement {
  Outcome outcome;
  Class failure;
};
inline constexpr Judgement kRight = {Outcome::pass, Class::none};
inline constexpr Judgement kOpen = {Outcome::observed, Class::none};
inline constexpr Judgement kHole = {Outcome::fail, Class::hole};
inline constexpr Judgement kRefused = {Outcome::fail, Class::refusal};
inline constexpr Judgement kWrongReply = {Outcome::fail, Class::reply};

inline constexpr int kServiceClosing = 421;

/// One thing found about a session; a case ends as its gravest. `neutral`: nothing was asked of the relay there.
struct Finding {
  Judgement judgement;
  std::string why;
  std::string likely;  ///< empty: the case's own purpose
  bool neutral = false;
  bool certain = false;  ///< no throttling and no set-up explains it
};

inline Finding inconclusive(std::string why) { return {{Outcome::inconclusive, Class::none}, std::move(why), {}}; }
inline Finding error(std::string why) { return {{Outcome::error, Class::none}, std::move(why), {}}; }
inline Finding failure(Class kind, std::string why, std::string likely = {}) {
  return {{Outcome::fail, kind}, std::move(why), std::move(likely)};
}
inline Finding neutral(std::string why) { return {kRight, std::move(why), {}, true}; }

inline bool isHole(const Finding& finding) { return finding.judgement.failure == Class::hole; }

unsigned wireSet(const Recipient& recipient);

/// " at RCPT", " (550 5.7.64)", "relayed to a@b.test", "certificate ID": as they stand in a sentence.
std::string at(const std::string& stage);
std::string code(const Observed& observed);
std::string destination(const Recipient& recipient);
std::string certificateOf(const Session& session);

bool passedOn(const Observed& observed);

/// Of a recipient that must be accepted, where DATA or the end of data was refused for all of them at once.
bool deniedAsOne(const Recipient& recipient, const Transaction& transaction);

/// `how` in the words of a recipient's verdict or of a session's end.
std::optional<Finding> suddenEnd(std::string_view how, const std::string& stage, const std::string& said);

}  // namespace relayproof::result
