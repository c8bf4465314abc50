// What a 5yz reply says: that relaying is denied, something else that a standard permits, or neither.
#pragma once

#include <string_view>

namespace relayproof::result {

enum class Refusal {
  denial,      ///< 530, 550, 553 or 554 with an enhanced code 5.7.x or none; strictly 550 5.7.64 and 550 5.7.51 alone
  otherCause,  ///< syntax, limits, addressing or state: tells nothing about relaying, so it is not judged
  wrongReply,  ///< a permanent refusal that a sender cannot read as a denial
};

/// `enhanced` is an RFC 3463 code such as "5.7.64", or empty.
Refusal classify(int code, std::string_view enhanced, bool strict);

}  // namespace relayproof::result
