#include "conformance/run/journal.h"

#include <cerrno>
#include <cstring>

#include "conformance/result/journal.h"

namespace relayproof::run {

Expected<Journal> Journal::create(const std::string& file, const result::Report& head) {
  const auto cannot = [&file] {
    return Error(file, "journal", std::string("cannot be written: ") + std::strerror(errno), "name another file");
  };
  std::FILE* stream = std::fopen(file.c_str(), "wb");
  if (!stream) return cannot();
  Journal journal(stream);
  if (!journal.write(result::journalHead(head))) return cannot();
  return journal;
}

bool Journal::append(const result::CaseResult& result) { return write(result::journalLine(result)); }

bool Journal::write(const std::string& line) {
  return std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size() && std::fflush(file_.get()) == 0;
}

}  // namespace relayproof::run
