// What a matcher is asked, in memory that the process which watches it shares (watch.h): the question is there when the
// one that asked is gone. What the matcher gets is a view that nobody may write to; it ends where a page begins that
// nobody may touch, and where ASan watches, what stands before the input may not be touched either. So a matcher that
// nothing instruments is caught too, and no question takes memory from the heap.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "fuzz/question.h"

namespace relayproof::fuzz {

/// Octets at the end of a stretch of a shared file, mapped for the rest of the program.
class Room {
 public:
  /// `size` is a multiple of a page; throws std::bad_alloc.
  Room(int file, std::size_t begin, std::size_t size);
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  /// Puts octets, at most `size` of them, at the end of the room; they stay until the next ones. What is returned
  /// cannot be written to.
  const std::uint8_t* put(std::string_view octets);
  const std::uint8_t* last(std::size_t count) const { return view_ + size_ - count; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  std::size_t used_;
  std::uint8_t* ours_;
  std::uint8_t* view_;
};

class Slate {
 public:
  enum class Stage : int { quiet, loading, asked };
  /// Of both processes.
  struct Record {
    std::atomic<Stage> stage;
    std::atomic<bool> attached;  ///< the one that asks has begun
    std::atomic<bool> ended;     ///< it has come to its end as programs do
    std::atomic<bool> isWrong;   ///< the answer to what is on the slate is, or what was done instead
    std::atomic<bool> found;     ///< and that was reported
    std::atomic<std::uint64_t> questions, declined;
    bool misbehaved;  ///< what was found is no wrong answer
    int answer;       ///< if it is one
    certs::IdentifierKind kind;
    bool certificate;
    std::size_t subject, pattern;  ///< sizes
  };

  /// The file of another slate, which becomes the same one; without, a new file. Throws std::bad_alloc.
  explicit Slate(std::optional<int> file);
  Slate(const Slate&) = delete;
  Slate& operator=(const Slate&) = delete;

  int file() const { return file_; }
  Record& record() { return *record_; }
  /// Is false where the question is larger than the slate.
  bool put(const Question& question);
  /// What was put.
  Question question() const;
  const std::uint8_t* subject() const { return subjects_.last(record_->subject); }
  const std::uint8_t* pattern() const { return patterns_.last(record_->pattern); }
  /// Does the address belong to what was put?
  bool holds(const void* address) const;

 private:
  int file_;
  Record* record_;
  Room subjects_, patterns_;
};

}  // namespace relayproof::fuzz
