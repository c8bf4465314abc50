#include "conformance/report/render.h"

namespace relayproof::report {

std::string json(const result::Report& report) { return result::dump(result::toJson(report), 2) + "\n"; }

}  // namespace relayproof::report
