// A message on its way through DATA or BDAT.
#pragma once

#include <string>
#include <string_view>

namespace relayproof::wire {

/// What follows the 354 (RFC 5321 4.5.2): a period that begins a line is doubled, and CRLF.CRLF ends it. A line begins
/// at the start and after CRLF, nowhere else: bare CR and LF pass as they are, which smuggling needs.
std::string stuffed(std::string_view message);

/// The whole message as one last chunk (RFC 3030 2), command and octets together.
std::string lastChunk(std::string_view message);

}  // namespace relayproof::wire
