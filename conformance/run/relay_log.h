// The relay's own log, as it grows beside a run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relayproof::run {

/// Lines of at most 1,000 octets, escaped as transcripts are; empty ones left out.
std::vector<std::string> logLines(std::string_view text);

/// A sanitizer, a panic or a fatal signal. An exception that somebody caught and logged is none.
bool tellsOfCrash(std::string_view line);

/// Reads what a file has grown by since the last time, at first since it was opened. A file that is not there yet, or
/// was rotated away, is read from its beginning once it is.
class LogFile {
 public:
  explicit LogFile(std::string path);
  std::string grown();

 private:
  std::string path_;
  unsigned long long inode_ = 0;
  long long read_ = 0;  // octets
};

}  // namespace relayproof::run
