// The journal of a run, `relayproof.journal/1`: JSON lines, the first of them the report without its results, then one
// line a finished case. A run that was cut off leaves a journal that a report can be made of.
#pragma once

#include <string>
#include <string_view>

#include "conformance/result/model.h"

namespace relayproof::result {

/// Each a line with its line feed.
std::string journalHead(const Report& report);
std::string journalLine(const CaseResult& result);

/// A last line without its line feed was cut off and is passed over; every other fault is an Error with its line.
Expected<Report> readJournal(std::string_view text, const std::string& place);

}  // namespace relayproof::result
