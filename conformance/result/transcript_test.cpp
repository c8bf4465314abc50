#include "conformance/result/transcript.h"

#include <gtest/gtest.h>

namespace relayproof::result {
namespace {

TEST(Transcript, HoldsWhatWasPutIn) {
  EXPECT_TRUE(Transcript().empty());
  EXPECT_TRUE(Transcript().events().empty());
  const std::vector<session::Event> put = {
      {0, "relay", "220 \\r\\n"}, {1.25, "", ""}, {2, "tls", std::string("a\0b", 3)}};
  const std::vector<session::Event> held = Transcript(put).events();
  ASSERT_EQ(held.size(), put.size());
  for (std::size_t at = 0; at < put.size(); ++at) {
    EXPECT_EQ(held[at].at, put[at].at);
    EXPECT_EQ(held[at].from, put[at].from);
    EXPECT_EQ(held[at].text, put[at].text);
  }
}

}  // namespace
}  // namespace relayproof::result
