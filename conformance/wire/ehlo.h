// What a server offers in its reply to EHLO (RFC 5321 4.1.1.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/wire/reply.h"

namespace relayproof::wire {

/// The lines after the first, as they came: "SIZE 10240000", "STARTTLS".
std::vector<std::string> keywords(const Reply& ehlo);

/// Whether one of the lines begins with that keyword, in any case.
bool offers(const std::vector<std::string>& lines, std::string_view keyword);

/// Whether each parameter of MAIL or RCPT (" SIZE=1 BODY=8BITMIME") is of an extension that one of the lines offers.
bool offersParameters(const std::vector<std::string>& lines, std::string_view parameters);

}  // namespace relayproof::wire
