// SMTP replies as octets (RFC 5321 4.2): code, enhanced status code (RFC 3463) and text, over any segmentation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relayproof::wire {

struct Reply {
  int code = 0;                    ///< 200 to 599
  std::string enhanced;            ///< "5.7.64", or empty
  std::vector<std::string> lines;  ///< text of each line, the code and its separator taken off
  bool crlf = true;                ///< each of them ended as it has to (RFC 5321 2.3.8)
  std::string text() const;        ///< the lines joined by a space, the enhanced code taken off the first
};

/// Limits beyond which a server's reply is a protocol error: RFC 5321 4.5.3.1.5 says 512 octets a line; real servers
/// send longer ones.
inline constexpr std::size_t kLongestReplyLine = 4096;
inline constexpr std::size_t kMostReplyLines = 256;

/// Fed with octets as they arrive; yields whole replies, the same ones for every segmentation. A line may end in a bare
/// LF, as some servers have it. A line that is no reply line, or whose code differs from that of the lines before it
/// (RFC 5321 4.2.1), is a fault. After a fault it yields nothing more.
class ReplyParser {
 public:
  void feed(std::string_view octets);
  /// The next whole reply. Faults are met here, once every reply before them has been taken.
  std::optional<Reply> next();
  const std::string& fault() const { return fault_; }  ///< empty, or what is wrong in a few words
  bool midReply() const;                               ///< octets of an unfinished reply are waiting
  /// Everything buffered beyond the replies that were taken, as octets; nothing of it is left.
  std::string takeRest();
  void reset();  ///< forgets what is buffered: nothing read before TLS is read after it

 private:
  bool takeLine(std::string_view line);

  std::string buffer_;
  Reply partial_;
  std::string fault_;
};

}  // namespace relayproof::wire
