// What a server does to our client, act by act: the input of hostile_server_fuzzer. It begins as a server that behaves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/dice.h"

namespace relayproof::fuzz {

struct HostileScript {
  enum class Act : std::uint8_t {
    say,       ///< over TLS where that is in use
    dribble,   ///< octet by octet, each just in time
    flood,     ///< without end
    hear,      ///< until the client has said these octets
    tls,       ///< the server's side of a handshake; the octets are bits (kAsks, …)
    leaveTls,  ///< goes on in the clear
    garble,    ///< the next octets that leave have one changed, whichever the octets name
    halfClose,
    close
  };
  static constexpr std::size_t kActs = 9;
  enum Handshake : unsigned char { kAsks = 1, kDemands = 2, kRejects = 4, kVersion12 = 8 };

  struct Step {
    Act act = Act::say;
    std::string octets = {};
  };

  std::uint8_t job = 0;  ///< bits: what our client is to do (kCertificate, …)
  std::vector<Step> steps;
  enum Job : std::uint8_t { kCertificate = 1, kBdat = 2, kImplicitTls = 4, kTwoRecipients = 8 };

  /// A server that accepts a message over TLS, as far as it has heard `until`: "connect", "ehlo", "starttls", "tls",
  /// "mail", "rcpt", "data", "content", "quit".
  static HostileScript behaving(std::string_view until);

  static std::optional<HostileScript> from(std::string_view octets);
  std::string octets() const;
  static HostileScript some(Dice& dice);
  void mutate(Dice& dice);
  std::string& text(Dice& dice);
};

}  // namespace relayproof::fuzz
