#include "conformance/run/journal.h"

#include <cerrno>
#include <cstring>
#include <map>

namespace relayproof::run {

Expected<Journal> Journal::create(const std::string& file, const result::Report& head) {
  std::FILE* stream = std::fopen(file.c_str(), "wb");
  if (!stream)
    return Error{file, "journal", std::string("cannot be written: ") + std::strerror(errno), "name another file"};
  Journal journal(stream);
  if (!journal.line(result::toJson(head)))
    return Error{file, "journal", std::string("cannot be written: ") + std::strerror(errno), {}};
  return journal;
}

bool Journal::append(const result::CaseResult& result) { return line(result::toJson(result)); }

bool Journal::line(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size() && std::fflush(file_.get()) == 0;
}

Expected<result::Report> readJournal(const std::string& file) {
  const auto text = readFile(file);
  if (!text) return text.error();
  result::Report report;
  std::map<std::string, std::size_t> places;
  std::size_t begin = 0;
  for (int number = 1; begin < text->size(); ++number) {
    const std::size_t end = text->find('\n', begin);
    if (end == std::string::npos) break;
    const std::string place = file + ":" + std::to_string(number);
    const std::string_view line = std::string_view(*text).substr(begin, end - begin);
    begin = end + 1;
    if (number == 1) {
      auto head = result::readReport(line, place);
      if (!head) return head.error();
      report = std::move(*head);
      continue;
    }
    auto one = readDocument(line, place, result::caseResultFromJson);
    if (!one) return one.error();
    const auto [at, isNew] = places.emplace(one->id, report.results.size());
    if (isNew)
      report.results.push_back(std::move(*one));
    else
      report.results[at->second] = std::move(*one);
  }
  if (places.empty() && begin == 0) return Error{file, {}, "is no journal", "name a file that --journal wrote"};
  return report;
}

}  // namespace relayproof::run
