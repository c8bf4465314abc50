#pragma once

#include "conformance/result/model.h"

namespace relayproof::report {

inline result::Report golden() {
  const std::string file = std::string(RELAYPROOF_SOURCE_DIR) + "/conformance/result/report_golden.json";
  return *result::readReport(*readFile(file), file);
}

}  // namespace relayproof::report
