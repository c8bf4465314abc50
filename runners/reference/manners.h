#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// How a relay that decides rightly may differ in everything that is not its decision: pace, segments, wording, what it
// offers, how much it bears, and the marks that it leaves on a message. No suite may accuse it of any.
namespace relayproof::reference {

struct Manner {
  std::string_view name;
  std::string_view says;  // what it does, a sentence

  std::chrono::milliseconds greetingDelay{0}, replyDelay{0};
  std::size_t segment = 0;  // octets a write; 0: all at once
  bool onlyTls12 = false;
  bool tickets = true;
  bool resumesExpired = false;  // sessions are resumed as who began them, after the certificate's end too
  bool pipelining = true, enhancedCodes = true, eightBit = true, chunking = true, smtpUtf8 = true, notifications = true;
  bool postmaster = true;        // takes mail for <Postmaster>
  std::string_view denial = {};  // lines of a reply in place of the usual one; {path}: the recipient
  std::string_view greeting = {};
  unsigned errorsBorne = 0;         // 5yz replies of a session before 421 and the end; 0: any number
  unsigned denialsBorne = 0;        // of all sessions, before the next one is turned away by a 421; 0: any number
  std::string_view fields = {};     // on top of every message that is passed on
  bool rewritesSender = false;      // the reverse-path of relayed mail becomes one of the relay's own
  bool foldsFields = false;         // long header fields are folded anew
  bool plainPathsAlone = false;     // no source route, quoted local part, literal, percent or bang path
  bool hangsUpOnInjection = false;  // octets in the clear behind STARTTLS end the connection
  bool bindsChunks = false;         // once a message in chunks is begun, EHLO and HELO have to wait: 503
  bool handshakesAgain = false;     // says 220 to STARTTLS within TLS, and closes where no handshake comes
  bool strictX509 = false;          // in the handshake, asks of certificates all that RFC 5280 asks of authorities
};

// Sorted by name.
const std::vector<Manner>& manners();

// As the manner has it: without its enhanced code.
std::string said(const Manner& manner, std::string_view replyLine);
// Header fields of more than 60 octets folded at their spaces (RFC 5322 2.2.3).
std::string folded(std::string_view message);

}  // namespace relayproof::reference
