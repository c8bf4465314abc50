#include <ostream>

#include "conformance/report/render.h"

namespace relayproof::report {
namespace {

constexpr int kIndent = 2;

void writeIndented(const std::string& text, std::ostream& to) {
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != text.npos; begin = end + 1, end = text.find('\n', begin))
    to << "    " << std::string_view(text).substr(begin, end + 1 - begin);
  to << "    " << std::string_view(text).substr(begin);
}

}  // namespace

// A result at a time: as one document they would take three times the memory that they take.
void json(const result::Report& report, std::ostream& to) {
  const std::string head = result::dump(result::headJson(report), kIndent);
  constexpr std::string_view kPlace = "\n  \"results\": ";
  const std::size_t at = head.find(kPlace);
  to << std::string_view(head).substr(0, at) << kPlace << (report.results.empty() ? "[]" : "[");
  for (const result::CaseResult& result : report.results) {
    to << (&result == &report.results.front() ? "\n" : ",\n");
    writeIndented(result::dump(result::toJson(result), kIndent), to);
  }
  to << (report.results.empty() ? "" : "\n  ]") << std::string_view(head).substr(at + kPlace.size() + 4) << "\n";
}

}  // namespace relayproof::report
