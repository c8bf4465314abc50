// Plays the steps of one job over one connection and leaves a record. Knows nothing of what is expected.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "conformance/session/player.h"
#include "conformance/session/record.h"
#include "conformance/session/tls.h"

namespace relayproof::session {

/// `target`, `job` and `contexts` outlive the coroutine.
boost::asio::awaitable<Record> playDialogue(const Target& target, boost::asio::ip::tcp::endpoint endpoint,
                                            const Job& job, Contexts& contexts);

/// The same over a socket that is connected already; for a job without an earlier session.
boost::asio::awaitable<Record> playDialogue(const Target& target, boost::asio::ip::tcp::socket connected,
                                            const Job& job, Contexts& contexts);

/// The record of a session for which there was nowhere to go.
Record unreachable(const Job& job, std::string why);

}  // namespace relayproof::session
