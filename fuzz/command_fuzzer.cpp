// The server's grammar of the reference relay: a stranger's octets, in one piece and in any other segmentation, get the
// same replies and the same mail; nothing that came with STARTTLS is executed; and a stranger never relays. The first
// octet says how they are cut.
#include <cstdio>
#include <cstdlib>

#include "runners/reference/test_dialogue.h"

namespace {

using namespace relayproof::reference;

std::string played(const Service& service, std::string_view octets, std::size_t piece, testing::Facts& facts) {
  constexpr std::uint32_t kStranger = 0xC6336409;  // 198.51.100.9
  std::vector<std::string> segments;
  for (std::size_t at = 0; at < octets.size(); at += piece) segments.emplace_back(octets.substr(at, piece));
  return testing::play(service, {}, kStranger, segments, &facts);
}

[[noreturn]] void report(const char* what, const std::string& said, const std::string& other) {
  std::fprintf(stderr, "the relay %s\nin one piece:\n%s\notherwise:\n%s\n", what, said.c_str(), other.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Service service = testing::serviceWith();
  if (size == 0) return -1;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  testing::Facts whole, cut;
  const std::string said = played(service, octets, octets.size() + 1, whole);
  const std::string other = played(service, octets, 1 + data[0] % 32, cut);
  if (whole.relayed || cut.relayed) report("relays for a stranger", said, other);
  // In one piece all of it came before the handshake; cut, the rest comes after it.
  if (whole.saidAfterwards) report("executes what came with STARTTLS", said, other);
  if (!whole.secured && said != other) report("answers otherwise where the octets are cut otherwise", said, other);
  return 0;
}
