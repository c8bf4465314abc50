// What libFuzzer does by itself: runners/fuzz-speed holds the targets against it.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t) { return 0; }
