// A program that answers a line with a line, over pipes: what `match --compare` asks.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace relayproof {

/// What came of a line: the line that answers it, or why there is none and the process is of no more use.
struct Heard {
  std::optional<std::string> line;
  std::string fault = {};                        ///< "exited with status 3"
  std::optional<int> exitStatus = std::nullopt;  ///< where it exited
};

class LineProcess {
 public:
  /// Starts `/bin/sh -c COMMAND` in a process group of its own; its standard error is ours. SIGINT, SIGTERM and SIGHUP
  /// end the group before they end us, with status 130.
  explicit LineProcess(const std::string& command);
  /// Closes its pipes, gives it a second to end by itself, then ends the group.
  ~LineProcess();
  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;

  Heard ask(std::string_view line, std::chrono::seconds timeout);

 private:
  Heard outputEnded() const;

  pid_t pid_ = 0;
  int input_ = -1;   ///< we write to it
  int output_ = -1;  ///< we read from it
  std::string unread_;
};

}  // namespace relayproof
