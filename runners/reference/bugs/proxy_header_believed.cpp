#include <string_view>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

constexpr std::string_view textual = "PROXY TCP4 ";
constexpr std::string_view binary("\r\n\r\n\0\r\nQUIT\n\x21\x11", 14);
constexpr std::size_t lengthAt = binary.size();
constexpr std::size_t addressAt = lengthAt + 2;
constexpr std::size_t addressSize = 12;

std::size_t octetAt(std::string_view octets, std::size_t at) { return static_cast<unsigned char>(octets[at]); }

std::size_t believed(std::string_view octets, Peer& peer) {
  if (octets.starts_with(textual)) {
    peer.address = readAddress(octets.substr(textual.size()));
    return octets.find('\n') + 1;
  }
  if (!octets.starts_with(binary) || octets.size() < addressAt + addressSize) return 0;
  std::uint32_t address = 0;
  for (std::size_t at = 0; at < 4; ++at)
    address = address << 8 | static_cast<std::uint32_t>(octetAt(octets, addressAt + at));
  peer.address = address;
  return addressAt + (octetAt(octets, lengthAt) << 8 | octetAt(octets, lengthAt + 1));
}

}  // namespace

KnownBug proxyHeaderBelieved() {
  return {.name = "proxy-header-believed",
          .kind = "hole",
          .wrong = "Whoever begins with the header of the PROXY protocol, of either version, has the address in it.",
          .record = "HAProxy PROXY protocol 2",
          .caughtBy = {"session.proxy.header-before-ehlo", "session.proxy.header-before-the-greeting",
                       "session.proxy.header-in-the-clear", "session.proxy.line-before-the-greeting",
                       "session.proxy.line-in-the-clear", "transactions.proxy-header-first"},
          .put = [](Conduct& conduct) { conduct.faults.preamble = believed; }};
}

}  // namespace relayproof::reference::bugs
