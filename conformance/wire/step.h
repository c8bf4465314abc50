// A dialogue as data. Typed commands can neither inject nor smuggle, so a step is octets to send, a class of reply to
// expect, or one of a few named acts.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace relayproof::wire {

/// "220", "2yz", "4yz", "5yz": digits, with y and z for any. Several alternatives: any of them.
using ReplyClass = std::vector<std::string>;
bool matches(const ReplyClass& wanted, int code);

/// How the message is sent with DATA. unstuffed: periods that begin a line are not doubled; endByOctets: each octet of
/// CRLF.CRLF in a segment of its own; commandBehind, quitBehind: RSET or QUIT in the segment of the end (RFC 2920 3.1).
enum class Data { stuffed, unstuffed, endByOctets, commandBehind, quitBehind };

/// Where the chunks of BDAT (RFC 3030) end, and how they are announced. lowerCase: the word LAST is; commandBehind,
/// quitBehind: RSET or QUIT in the segment of the last octets.
enum class Chunks { whole, emptyLast, withinLineEnds, withinLines, lowerCase, leadingZeros, commandBehind, quitBehind };

/// One mail transaction: what MAIL, RCPT and DATA say. Paths are literal, with their angle brackets left out.
struct Transaction {
  std::string mailFrom;                 ///< empty: null reverse-path
  std::string mailParameters;           ///< " AUTH=<…>" or empty
  std::vector<std::string> recipients;  ///< "Postmaster" is sent as <Postmaster>
  std::string message;                  ///< header and body, CRLF line ends, not yet dot-stuffed
  bool bdat = false;                    ///< RFC 3030 BDAT instead of DATA
  Chunks chunks = Chunks::whole;
  Data data = Data::stuffed;
  std::string recipientParameters = {};  ///< " NOTIFY=…" behind each path of RCPT, or empty
  bool lowerCase = false;                ///< the words of MAIL, RCPT and DATA (RFC 5321 2.4)
  /// As far as the relay offers it: SIZE and BODY with MAIL; MAIL, RCPT and DATA in one segment.
  bool extended = false;
  bool smtpUtf8IfOffered = false;  ///< SMTPUTF8 with MAIL, where it is extended
  bool bdatIfOffered = false;      ///< BDAT where the relay offers CHUNKING, else DATA

  bool commandBehind() const { return bdat ? chunks == Chunks::commandBehind : data == Data::commandBehind; }
  bool quitBehind() const { return bdat ? chunks == Chunks::quitBehind : data == Data::quitBehind; }
};

namespace step {
struct Connect {
  std::string first = {};  ///< octets that do not wait for the greeting
};  ///< connect and read the greeting
struct Ehlo {
  std::string name;
};
struct StartTls {};     ///< STARTTLS, 220, handshake
struct Handshake {};    ///< the TLS handshake alone
struct Renegotiate {};  ///< another handshake within TLS 1.2, with the certificate that counts from then on
struct Send {
  std::string octets;
};  ///< exactly these octets, in one segment
struct Expect {
  ReplyClass wanted;
  std::string check;
};  ///< read one reply; when `check` is named, a reply outside `wanted` fails that check, else the session stops there
struct Mail {
  std::size_t transaction;
};  ///< MAIL and, when that is accepted, every RCPT of that transaction; RSET first where one is still open
/// Of a message on its way: its beginning is DATA and half of what follows, or all chunks but the last.
enum class Part { whole, beginning, rest };
struct Content {
  std::size_t transaction;
  Part part = Part::whole;
};  ///< DATA (or BDAT), message, end of data; nothing where no recipient was accepted
struct Rset {};
struct NoReply {
  std::string check;
  int milliseconds;
};  ///< nothing may arrive for that long, or the check fails
struct Withholds {
  std::string keyword, check;
};  ///< the last answer to EHLO does not offer the keyword, or the check fails
struct Requires {
  std::string keyword;
};  ///< the last answer to EHLO offers the keyword, or the session stops there
struct EndsInCrlf {
  std::string check;
};  ///< every line of a reply has done so, or the check fails
struct Pause {
  int milliseconds;
  bool hears = false;
};  ///< nothing is done for that long; `hears`: what the relay says meanwhile is an answer to what was sent, or none
struct HalfClose {};  ///< no more from us; replies are still read
struct Drop {};       ///< the connection is gone, without a word; the last step
struct Quit {};       ///< QUIT, and read up to the 221; an extra reply fails the check "one-reply-a-command"
struct Beside;        ///< another session goes on meanwhile
}  // namespace step

using Step =
    std::variant<step::Connect, step::Ehlo, step::StartTls, step::Handshake, step::Renegotiate, step::Send,
                 step::Expect, step::Mail, step::Content, step::Rset, step::NoReply, step::Withholds, step::Requires,
                 step::EndsInCrlf, step::Pause, step::HalfClose, step::Drop, step::Quit, step::Beside>;

namespace step {
struct Beside {
  std::vector<Step> steps;  ///< of the other session, which is held open behind them
};
}  // namespace step

/// Connect, EHLO, STARTTLS (when `tls`), EHLO, each transaction, QUIT.
std::vector<Step> plainDialogue(const std::string& ehloName, bool tls, std::size_t transactions);

}  // namespace relayproof::wire
