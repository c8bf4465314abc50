// What a person sees while a run goes on: a bar on a terminal, a line a case elsewhere.
#pragma once

#include <string>

#include "conformance/report/render.h"
#include "conformance/result/model.h"

namespace relayproof {

class Progress {
 public:
  Progress(std::size_t total, report::TerminalStyle style, bool terminal)
      : total_(total), style_(style), terminal_(terminal) {}

  void finished(const result::CaseResult& result, double now);
  void clear() const;

 private:
  std::size_t total_;
  report::TerminalStyle style_;
  bool terminal_;
  std::map<std::string, result::Outcome> outcomes_;
  double start_ = 0;
};

}  // namespace relayproof
