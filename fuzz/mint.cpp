#include "embedded.h"
#include "fuzz/data.h"

namespace relayproof::fuzz {

certs::Mint authoritiesMint() {
  return readDocument(embedded::kAuthorities, "authorities", [](const Node& root) { return certs::Mint(root, 0); })
      .value();
}

}  // namespace relayproof::fuzz
