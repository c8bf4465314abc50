// What libFuzzer's entry points share. An input is a value with from(octets), octets(), some(dice),
// mutate(dice) and text(dice).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/arena.h"
#include "fuzz/dice.h"

// libFuzzer's own mutations; absent from the plain driver.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace relayproof::fuzz {

/// Ends the program where the matcher lacks the function that this target asks.
inline void require(bool there, const char* function) {
  if (there) return;
  std::fprintf(
      stderr,
      "There is no matcher to ask: this target calls %s (fuzz/relay_matcher.h).\n"
      "Link one:   cmake --preset fuzz -DRELAYPROOF_MATCHER=/path/to/my_matcher.c && cmake --build --preset fuzz\n"
      "or name a shared library in the environment variable RELAYPROOF_MATCHER.\n",
      function);
  std::exit(2);
}

/// Inputs of up to 70,000 octets, where the command line does not say otherwise: sizes of 16 bits turn over at 65,536,
/// and libFuzzer begins with 4,096.
inline void setLongest(int* count, char*** arguments) {
  static std::string longest = "-max_len=70000";
  static std::vector<char*> all(*arguments, *arguments + *count);
  for (const char* argument : all)
    if (std::string_view(argument).starts_with("-max_len=")) return;
  all.insert(all.begin() + 1, longest.data());
  all.push_back(nullptr);
  *count = static_cast<int>(all.size()) - 1;
  *arguments = all.data();
}

/// LLVMFuzzerCustomMutator: a few steps from where the input stands, or a new one, as always where it is none. With
/// RELAYPROOF_MUTATORS=off libFuzzer's own mutations alone, to see what ours are worth.
template <class Input>
std::size_t mutated(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  static const char* const setting = std::getenv("RELAYPROOF_MUTATORS");
  static const bool off = setting != nullptr && std::string_view(setting) == "off";
  if (off && LLVMFuzzerMutate != nullptr) return LLVMFuzzerMutate(data, size, most);
  const Arena arena;
  Dice dice(seed);
  auto input = Input::from({reinterpret_cast<const char*>(data), size});
  if (!input || dice.oneIn(4)) {
    input = Input::some(dice);
  } else if (LLVMFuzzerMutate != nullptr && dice.oneIn(6)) {
    // These know what the code under test compares its input with.
    std::string& text = input->text(dice);
    const std::size_t before = text.size();
    text.resize(before + 64);
    const Arena::Outside libFuzzer;
    text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), before, text.size()));
  } else {
    for (std::size_t steps = 1 + dice.below(4); steps > 0; --steps) input->mutate(dice);
  }
  const std::string octets = input->octets();
  if (octets.size() > most) return size;
  std::memcpy(data, octets.data(), octets.size());
  return octets.size();
}

}  // namespace relayproof::fuzz
