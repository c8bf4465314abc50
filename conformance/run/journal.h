// The journal file: a line a finished case, flushed, so that an interrupted run loses nothing that it finished.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "conformance/result/model.h"

namespace relayproof::run {

class Journal {
 public:
  /// Begins `file` anew with the report's head; an Error says why it cannot be written.
  static Expected<Journal> create(const std::string& file, const result::Report& head);
  /// False when the line could not be written whole (a full disk).
  bool append(const result::CaseResult& result);

 private:
  explicit Journal(std::FILE* file) : file_(file, &std::fclose) {}
  bool write(const std::string& line);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace relayproof::run
