// The deciding step by itself: a connector's pattern against one presented name.
#pragma once

#include <string_view>

#include "conformance/verdict/presented_name.h"

namespace relayproof::verdict {

struct Match {
  bool yes = false;
  std::string_view why;  ///< a static text
};

/// Asks for presentedWildcardOnExactPattern, patternDepth and patternApex only where they matter.
Match match(const DomainPattern& pattern, const PresentedName& presented, Choices& choices);

}  // namespace relayproof::verdict
