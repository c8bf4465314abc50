#include "runners/reference/manners.h"

#include <algorithm>
#include <cctype>

namespace relayproof::reference {

using std::chrono::milliseconds;

const std::vector<Manner>& manners() {
  static const std::vector<Manner> all = {
      {.name = "adds-fields",
       .says = "puts a signature and results of checks on top of each message",
       .fields = "DKIM-Signature: v=1; a=rsa-sha256; d=relay.test; s=one; h=from:to;\r\n\tbh=AAAA; b=BBBB\r\n"
                 "Authentication-Results: relay.test; spf=none; dkim=none\r\nX-Spam-Score: 0.1\r\n"},
      {.name = "answers-late",
       .says = "greets after 100 ms, and answers each command after 20 ms",
       .greetingDelay = milliseconds(100),
       .replyDelay = milliseconds(20)},
      {.name = "bears-ten-denials", .says = "turns the session after ten denials away by a 421", .denialsBorne = 10},
      {.name = "bears-ten-errors", .says = "ends a session by a 421 after ten refused commands", .errorsBorne = 10},
      {.name = "binds-chunks", .says = "takes no EHLO or HELO between the chunks of a message", .bindsChunks = true},
      {.name = "denies-530", .says = "denies by 530 5.7.1", .denial = "530 5.7.1 Relaying needs a known certificate"},
      {.name = "denies-550", .says = "denies by 550 5.7.1", .denial = "550 5.7.1 Unable to relay"},
      {.name = "denies-553", .says = "denies by 553 5.7.1", .denial = "553 5.7.1 Sorry, that domain is not in my list"},
      {.name = "denies-554",
       .says = "denies by 554 5.7.1 and names the recipient",
       .denial = "554 5.7.1 <{path}>: Relay access denied"},
      {.name = "denies-in-lines",
       .says = "denies in a reply of three lines",
       .denial = "550-5.7.1 Relaying is not permitted.\n550-5.7.1 See https://relay.test/help\n550 5.7.1 Goodbye"},
      {.name = "denies-without-code",
       .says = "denies by 550 without an enhanced code",
       .denial = "550 relay not permitted"},
      {.name = "folds-fields", .says = "folds long header fields anew", .foldsFields = true},
      {.name = "greets-in-lines",
       .says = "greets in three lines",
       .greeting = "220-relay.test ESMTP\n220-No unsolicited mail.\n220 Ready at Thu, 1 Jan 2026 00:00:00 +0000"},
      {.name = "greets-late", .says = "greets after 300 ms", .greetingDelay = milliseconds(300)},
      {.name = "handshakes-again", .says = "takes STARTTLS within TLS for another handshake", .handshakesAgain = true},
      {.name = "hangs-up-on-injection",
       .says = "closes the connection where octets follow STARTTLS",
       .hangsUpOnInjection = true},
      {.name = "issues-no-tickets", .says = "keeps no TLS session", .tickets = false},
      {.name = "no-8bitmime", .says = "does not offer 8BITMIME", .eightBit = false},
      {.name = "no-chunking", .says = "does not know BDAT", .chunking = false},
      {.name = "no-enhanced-codes", .says = "gives no enhanced codes", .enhancedCodes = false},
      {.name = "no-notifications", .says = "does not know the parameters of RFC 3461", .notifications = false},
      {.name = "no-pipelining", .says = "does not offer PIPELINING", .pipelining = false},
      {.name = "no-postmaster", .says = "has no mailbox <Postmaster>", .postmaster = false},
      {.name = "no-smtputf8", .says = "takes addresses in ASCII alone", .smtpUtf8 = false},
      {.name = "octet-by-octet", .says = "writes one octet at a time", .segment = 1},
      {.name = "plain-paths",
       .says = "takes no source route, quoted local part, literal, percent or bang path",
       .plainPathsAlone = true},
      {.name = "resumes-expired", .says = "resumes a session whose certificate has expired", .resumesExpired = true},
      {.name = "rewrites-sender", .says = "passes relayed mail on under a sender of its own", .rewritesSender = true},
      {.name = "small-segments", .says = "writes seven octets at a time", .segment = 7},
      {.name = "strict-x509",
       .says = "refuses in the handshake what lacks a key identifier or, of an authority, keyUsage",
       .strictX509 = true},
      {.name = "tls-1.2", .says = "speaks TLS 1.2 and nothing newer", .onlyTls12 = true},
  };
  return all;
}

std::string said(const Manner& manner, std::string_view replyLine) {
  constexpr std::size_t codeAndSpace = 4;
  if (manner.enhancedCodes || replyLine.size() <= codeAndSpace) return std::string(replyLine);
  const std::string_view rest = replyLine.substr(codeAndSpace);
  const std::string_view word = rest.substr(0, rest.find(' '));
  const bool isCode = word.size() < rest.size() && std::ranges::count(word, '.') == 2 &&
                      std::ranges::all_of(word, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  if (!isCode) return std::string(replyLine);
  return std::string(replyLine.substr(0, codeAndSpace)).append(rest.substr(word.size() + 1));
}

std::string folded(std::string_view message) {
  constexpr std::size_t longest = 60;
  std::string text;
  while (!message.empty() && !message.starts_with("\r\n")) {
    const std::size_t end = std::min(message.find("\r\n"), message.size());
    std::string line(message.substr(0, end));
    message.remove_prefix(std::min(end + 2, message.size()));
    for (std::size_t at = longest; at < line.size(); at += longest) {
      at = line.find(' ', at);
      if (at == std::string::npos || at + 1 == line.size() || line[at - 1] == ' ') break;
      line.insert(at, "\r\n");
    }
    text += line + "\r\n";
  }
  return text.append(message);
}

}  // namespace relayproof::reference
