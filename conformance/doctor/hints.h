// What a reply to a control, or a trace field of the relay's, tells of a set-up. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/result/model.h"

namespace relayproof::doctor {

inline constexpr std::size_t kMostShown = 160;  ///< octets of a stranger's text

/// A positive control that was not accepted, or a negative one without a denial, and what else is known.
struct Refused {
  result::Observed observed;
  std::string expected;  ///< "relay", "deliver" or "deny"
  bool presentsCertificate = false;
  bool localWorks = false, certificateWorks = false, addressWorks = false;
  bool clockIsOff = false;
};
struct Hint {
  std::string what;  ///< a clause
  std::string mend;
};
Hint hintFor(const Refused& refused);

/// The first Received field of a message (RFC 5321 4.4), unfolded: the one that the relay wrote.
std::optional<std::string> traceOf(std::string_view message);
/// The address literal of the client in a Received field: "10.0.0.1".
std::optional<std::string> addressIn(std::string_view received);
/// The RFC 5322 3.3 date-time in a text, in seconds since the epoch.
std::optional<double> timeIn(std::string_view text);
/// "3 h behind", "2 days ahead".
std::string apart(double seconds);

}  // namespace relayproof::doctor
