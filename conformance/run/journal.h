// The journal: a line a finished case, flushed, so that an interrupted run loses nothing that it finished.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "conformance/result/model.h"

namespace relayproof::run {

/// Lines of JSON. The first holds the report without its results, each later one a result; a result that stands twice
/// counts as it stood last.
class Journal {
 public:
  /// Begins `file` anew; an Error says why it cannot be written.
  static Expected<Journal> create(const std::string& file, const result::Report& head);
  /// False when the line could not be written whole (a full disk).
  bool append(const result::CaseResult& result);

 private:
  explicit Journal(std::FILE* file) : file_(file, &std::fclose) {}
  bool line(const Json& json);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// The report of every case that a journal holds; a last line cut short is passed over.
Expected<result::Report> readJournal(const std::string& file);

}  // namespace relayproof::run
