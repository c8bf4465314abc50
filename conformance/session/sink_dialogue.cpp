#include "conformance/session/sink_dialogue.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "conformance/wire/escape.h"

namespace relayproof::session {
namespace {

constexpr std::size_t kLongestCommand = 8192;
constexpr std::size_t kLargestMessage = 64 << 20;  // a relay without end is not to take all our memory
constexpr std::string_view kEndOfData = "\r\n.\r\n";

bool isCommand(std::string_view line, std::string_view verb) {
  return line.size() >= verb.size() && (line.size() == verb.size() || line[verb.size()] == ' ' || verb.back() == ':') &&
         std::equal(verb.begin(), verb.end(), line.begin(),
                    [](char v, char c) { return v == (c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
}

/// What stands between the angle brackets; a quoted local part may hold them too.
std::string pathIn(std::string_view argument) {
  const std::size_t open = argument.find('<');
  if (open == std::string_view::npos) return std::string(argument);
  bool quoted = false;
  for (std::size_t at = open + 1; at < argument.size(); ++at) {
    if (argument[at] == '\\') {
      ++at;
    } else if (argument[at] == '"') {
      quoted = !quoted;
    } else if (argument[at] == '>' && !quoted) {
      return std::string(argument.substr(open + 1, at - open - 1));
    }
  }
  return std::string(argument.substr(open + 1));
}

std::string unstuffed(std::string_view data) {
  std::string plain;
  plain.reserve(data.size());
  for (std::size_t at = 0; at < data.size();) {
    if (data[at] == '.') ++at;
    const std::size_t end = data.find("\r\n", at);
    const std::size_t next = end == std::string_view::npos ? data.size() : end + 2;
    plain += data.substr(at, next - at);
    at = next;
  }
  return plain;
}

std::vector<std::string> bareLineEndsIn(std::string_view data) {
  constexpr std::size_t kContext = 8;
  std::vector<std::string> found;
  for (std::size_t at = data.find_first_of(std::string_view("\r\n\0", 3)); at != std::string_view::npos;
       at = data.find_first_of(std::string_view("\r\n\0", 3), at + 1)) {
    if (data.substr(at, 2) == "\r\n") {
      ++at;
      continue;
    }
    const std::size_t from = at < kContext ? 0 : at - kContext;
    found.push_back(wire::escaped(data.substr(from, at + kContext - from)));
  }
  return found;
}

}  // namespace

std::string SinkDialogue::greeting() const { return "220 sink.invalid ESMTP\r\n"; }

std::string SinkDialogue::hear(std::string_view octets) {
  buffer_ += octets;
  std::string replies;
  while (!finished_) {
    if (buffer_.size() + chunks_.size() > kLargestMessage) {
      finished_ = true;
      return replies + "552 5.3.4 too large\r\n";
    }
    if (reading_ == Reading::data) {
      if (!takeData()) break;
      replies += "250 2.0.0 kept\r\n";
    } else if (reading_ != Reading::commands) {
      const bool last = reading_ == Reading::lastChunk;
      if (!takeChunk()) break;
      replies += last ? "250 2.0.0 kept\r\n" : "250 2.0.0 go on\r\n";
    } else {
      const std::size_t end = buffer_.find('\n');
      if (end == std::string::npos) {
        if (buffer_.size() > kLongestCommand) {
          finished_ = true;
          replies += "500 5.5.2 command too long\r\n";
        }
        break;
      }
      std::string line = buffer_.substr(0, end);
      if (line.ends_with('\r')) line.pop_back();
      buffer_.erase(0, end + 1);
      replies += obey(line);
    }
  }
  return replies;
}

std::vector<SinkMessage> SinkDialogue::takeMessages() { return std::exchange(messages_, {}); }

std::string SinkDialogue::obey(std::string_view line) {
  if (isCommand(line, "EHLO")) {
    return "250-sink.invalid\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE "
           "0\r\n250-ENHANCEDSTATUSCODES\r\n"
           "250 CHUNKING\r\n";
  }
  if (isCommand(line, "HELO")) return "250 sink.invalid\r\n";
  if (isCommand(line, "MAIL FROM:")) {
    message_ = SinkMessage();
    message_.mailFrom = pathIn(line.substr(10));
    chunks_.clear();
    inTransaction_ = true;
    return "250 2.1.0 ok\r\n";
  }
  if (isCommand(line, "RCPT TO:")) {
    if (!inTransaction_) return "503 5.5.1 MAIL first\r\n";
    message_.recipients.push_back(pathIn(line.substr(8)));
    return "250 2.1.5 ok\r\n";
  }
  if (isCommand(line, "DATA")) {
    if (message_.recipients.empty()) return "503 5.5.1 RCPT first\r\n";
    reading_ = Reading::data;
    scanned_ = 0;
    return "354 go on\r\n";
  }
  if (isCommand(line, "BDAT")) return obeyChunk(line.substr(4));
  if (isCommand(line, "RSET")) {
    message_ = SinkMessage();
    inTransaction_ = false;
    return "250 2.0.0 ok\r\n";
  }
  if (isCommand(line, "NOOP")) return "250 2.0.0 ok\r\n";
  if (isCommand(line, "QUIT")) {
    finished_ = true;
    return "221 2.0.0 bye\r\n";
  }
  return "502 5.5.1 unknown command\r\n";
}

std::string SinkDialogue::obeyChunk(std::string_view arguments) {
  arguments.remove_prefix(std::min(arguments.find_first_not_of(' '), arguments.size()));
  const auto [rest, fault] = std::from_chars(arguments.data(), arguments.data() + arguments.size(), chunkLeft_);
  if (fault != std::errc()) {
    finished_ = true;  // Where the chunk ends cannot be known.
    return "501 5.5.4 BDAT needs a size\r\n";
  }
  arguments.remove_prefix(static_cast<std::size_t>(rest - arguments.data()));
  reading_ = isCommand(arguments.substr(std::min<std::size_t>(1, arguments.size())), "LAST") ? Reading::lastChunk
                                                                                             : Reading::chunk;
  return "";
}

/// True when the message is complete.
bool SinkDialogue::takeData() {
  const bool empty = scanned_ == 0 && buffer_.starts_with(".\r\n");
  const std::size_t end = empty ? 0 : buffer_.find(kEndOfData, scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size() < kEndOfData.size() ? 0 : buffer_.size() - kEndOfData.size() + 1;
    return false;
  }
  keep(empty ? "" : unstuffed(std::string_view(buffer_).substr(0, end + 2)));
  buffer_.erase(0, empty ? 3 : end + kEndOfData.size());
  return true;
}

/// True when the chunk is complete.
bool SinkDialogue::takeChunk() {
  const std::size_t size = std::min(chunkLeft_, buffer_.size());
  chunks_.append(buffer_, 0, size);
  buffer_.erase(0, size);
  chunkLeft_ -= size;
  if (chunkLeft_ > 0) return false;
  if (reading_ == Reading::lastChunk) {
    keep(std::exchange(chunks_, std::string()));
  } else {
    reading_ = Reading::commands;
  }
  return true;
}

void SinkDialogue::keep(std::string data) {
  message_.bareLineEnds = bareLineEndsIn(data);
  message_.data = std::move(data);
  messages_.push_back(std::exchange(message_, SinkMessage()));
  inTransaction_ = false;
  reading_ = Reading::commands;
}

}  // namespace relayproof::session
