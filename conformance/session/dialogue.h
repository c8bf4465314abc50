// Plays the steps of one job over one connection and leaves a record. Knows nothing of what is expected.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "conformance/session/player.h"
#include "conformance/session/record.h"
#include "conformance/session/tls.h"

namespace relayproof::session {

/// Where a session goes, and how TLS begins there.
struct Place {
  boost::asio::ip::tcp::endpoint endpoint;
  bool implicitTls = false;
};

/// `before`: where the session goes that is to be resumed. `target`, `job` and `contexts` outlive the coroutine.
boost::asio::awaitable<Record> playDialogue(const Target& target, Place here, Place before, const Job& job,
                                            Contexts& contexts);

/// The same over a socket that is connected already, to the target's first listener; for a job without an earlier
/// session.
boost::asio::awaitable<Record> playDialogue(const Target& target, boost::asio::ip::tcp::socket connected,
                                            const Job& job, Contexts& contexts);

/// The record of a session for which there was nowhere to go.
Record unreachable(const Job& job, std::string why);

}  // namespace relayproof::session
