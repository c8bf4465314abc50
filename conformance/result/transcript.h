#pragma once

#include <string>
#include <vector>

#include "conformance/session/record.h"

namespace relayproof::result {

/// The events of a session in one piece of memory, a third of what they take one by one: a run keeps thousands.
class Transcript {
 public:
  Transcript() = default;
  Transcript(const std::vector<session::Event>& events);
  std::vector<session::Event> events() const;
  bool empty() const { return packed_.empty(); }

 private:
  std::string packed_;
};

}  // namespace relayproof::result
