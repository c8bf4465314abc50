// Memory that a matcher reads its input from: it ends where a page begins that nobody may touch, and what stands before
// the input may not be touched either where ASan watches. So a matcher that nothing instruments is caught too, and no
// question takes memory from the heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace relayproof::fuzz {

class Room {
 public:
  explicit Room(std::size_t size);
  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  std::size_t size() const { return size_; }
  /// Puts octets, at most size() of them, at the end of the room; they stay until the next ones.
  const std::uint8_t* put(std::string_view octets);
  /// Do they still stand there as they were put?
  bool holds(std::string_view octets) const;

 private:
  std::uint8_t* begin_;
  std::size_t size_;
  std::size_t page_;
  std::size_t used_ = 0;
};

}  // namespace relayproof::fuzz
