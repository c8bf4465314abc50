#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// A message as octets: read from DATA (RFC 5321 4.5.2), checked, marked, and stuffed again for the next server.
namespace relayproof::reference {

inline constexpr std::size_t largestMessage = 10 * 1024 * 1024;

// Takes the octets of DATA until CRLF.CRLF, or another end that a fault adds, and undoes the dot-stuffing.
class DataReader {
 public:
  explicit DataReader(const std::vector<std::string_view>& otherEnds, std::size_t lineBuffer = 0,
                      bool endWithinASegment = false)
      : otherEnds_(otherEnds), lineBuffer_(lineBuffer), endWithinASegment_(endWithinASegment) {}

  // How many of the octets belong to this message; the rest belongs to what follows it.
  std::size_t feed(std::string_view octets);

  bool isComplete() const { return complete_; }
  bool isTooLarge() const { return tooLarge_; }
  const std::string& message() const { return message_; }  // once complete

 private:
  std::size_t dotBehindFullBuffer() const;

  std::vector<std::string_view> otherEnds_;
  std::size_t lineBuffer_;
  bool endWithinASegment_;
  std::string raw_ = "\r\n";  // as after the line DATA, so that a first line of one dot ends it too
  std::string message_;
  bool complete_ = false;
  bool tooLarge_ = false;
};

// A message without bare CR, bare LF or NUL: one that no server can read in two ways (RFC 5321 2.3.8).
bool isCleanMessage(std::string_view message);

// The message less every field of that name in its header, folded lines included.
std::string withoutHeader(std::string_view message, std::string_view field);

bool hasHeader(std::string_view message, std::string_view field);

// The domain of the header From, folded; empty where there is no such field or more than one, or where it holds
// anything but one mailbox (RFC 5322 3.4).
std::string headerFromDomain(std::string_view message);

// The octets to send after 354: stuffed, ended by CRLF, then the final dot.
std::string stuffed(std::string_view message);

}  // namespace relayproof::reference
