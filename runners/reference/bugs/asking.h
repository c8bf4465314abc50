#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runners/reference/faults.h"

// What bugs need that decide wrongly.
namespace relayproof::reference::bugs {

Decision acceptFor(Verdict verdict, const std::string& tenant, const Question& question);

// The peer with one more name in its certificate.
Peer named(const Peer& peer, const std::string& name);

// The envelope as if it came from that domain; empty: from an address without one.
Envelope sentFrom(const Envelope& envelope, const std::string& domain);

// The first domain of a source route, folded.
std::string firstOfRoute(std::string_view route);

// The IPv4 address at the start of the text, up to a space.
std::optional<std::uint32_t> readAddress(std::string_view text);

}  // namespace relayproof::reference::bugs
