// A message on its way through DATA or BDAT.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/wire/step.h"

namespace relayproof::wire {

/// The commands of a transaction without their CRLF, RCPT for the recipient at that place.
std::string mailCommand(const Transaction& transaction);
std::string rcptCommand(const Transaction& transaction, std::size_t recipient);
std::string dataCommand(const Transaction& transaction);

/// What follows the 354 (RFC 5321 4.5.2): a period that begins a line is doubled, and CRLF.CRLF ends it. A line begins
/// at the start and after CRLF, nowhere else: bare CR and LF pass as they are, which smuggling needs.
std::string stuffed(std::string_view message);

/// What follows the 354, segment by segment; a command behind it is left out.
std::vector<std::string> dataOf(const Transaction& transaction);

/// All of it in two.
std::vector<std::string> halves(const std::vector<std::string>& segments);

/// The whole message as one last chunk (RFC 3030 2), command and octets together.
std::string lastChunk(std::string_view message);

/// The message in chunks, each with its command, the last one LAST. emptyLast: one of the message, one of nothing;
/// withinLineEnds: each chunk but the last ends between a CR and the LF that belongs to it; withinLines: before the
/// last octet of a line.
std::vector<std::string> chunksOf(std::string_view message, Chunks chunks);

}  // namespace relayproof::wire
