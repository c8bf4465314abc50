// The server's side of SMTP as a sink speaks it, over octets alone: everything is accepted and nothing is altered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/session/sink.h"

namespace relayproof::session {

/// RFC 5321 with PIPELINING, 8BITMIME, SMTPUTF8, SIZE and CHUNKING. A message ends at CRLF.CRLF and nowhere else, so
/// that what a lax server would take for an end stays visible in it.
class SinkDialogue {
 public:
  std::string greeting() const;
  /// The replies to what these octets complete, in one piece.
  std::string hear(std::string_view octets);
  std::vector<SinkMessage> takeMessages();
  bool finished() const { return finished_; }

 private:
  enum class Reading { commands, data, chunk, lastChunk };

  std::string obey(std::string_view line);
  std::string obeyChunk(std::string_view arguments);
  bool takeData();
  bool takeChunk();
  void keep(std::string data);

  std::string buffer_;
  Reading reading_ = Reading::commands;
  std::size_t scanned_ = 0;  ///< octets of buffer_ in which no end of data stands
  std::size_t chunkLeft_ = 0;
  std::string chunks_;
  bool inTransaction_ = false;
  SinkMessage message_;
  std::vector<SinkMessage> messages_;
  bool finished_ = false;
};

}  // namespace relayproof::session
