#include "fuzz/slate.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <string>

// There where the program has ASan.
extern "C" {
__attribute__((weak)) void __asan_poison_memory_region(const volatile void* begin, std::size_t size);
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void* begin, std::size_t size);
}

namespace relayproof::fuzz {
namespace {

// Of the file; multiples of any page there is.
constexpr std::size_t kRecord = std::size_t{1} << 16, kSubjects = std::size_t{1} << 20,
                      kPatterns = std::size_t{1} << 16;

constexpr std::size_t kGuard = std::size_t{4} << 20;  // on either side

void* mapped(void* where, std::size_t size, int protection, int how, int file, std::size_t begin) {
  void* const place = mmap(where, size, protection, how, file, static_cast<off_t>(begin));
  if (place == MAP_FAILED) throw std::bad_alloc();
  return place;
}

int newFile() {
  const int file = memfd_create("relayproof", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, kRecord + kSubjects + kPatterns) != 0) throw std::bad_alloc();
  return file;
}

}  // namespace

// All of it is to be closed at the first question.
Room::Room(int file, std::size_t begin, std::size_t size) : size_(size), used_(size) {
  ours_ = static_cast<std::uint8_t*>(mapped(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, begin));
  void* const all = mapped(nullptr, size + 2 * kGuard, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  // A view of a file that is open for reading alone cannot be made one to write to.
  const int readable = open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDONLY | O_CLOEXEC);
  view_ = static_cast<std::uint8_t*>(mapped(static_cast<std::uint8_t*>(all) + kGuard, size, PROT_READ,
                                            MAP_SHARED | MAP_FIXED, readable < 0 ? file : readable, begin));
  if (readable >= 0) close(readable);
}

const std::uint8_t* Room::put(std::string_view octets) {
  const std::uint8_t* const place = last(octets.size());
  if (__asan_poison_memory_region != nullptr) {
    __asan_poison_memory_region(last(used_), used_);
    __asan_unpoison_memory_region(place, octets.size());
  }
  used_ = octets.size();
  if (!octets.empty()) std::memcpy(ours_ + size_ - octets.size(), octets.data(), octets.size());
  return place;
}

Slate::Slate(std::optional<int> file)
    : file_(file ? *file : newFile()),
      record_(static_cast<Record*>(mapped(nullptr, kRecord, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0))),
      subjects_(file_, kRecord, kSubjects),
      patterns_(file_, kRecord + kSubjects, kPatterns) {}

bool Slate::put(const Question& question) {
  const bool certificate = !question.certificate.empty();
  const std::string_view subject = certificate ? question.certificate : question.presented;
  if (subject.size() > subjects_.size() || question.pattern.size() > patterns_.size()) return false;
  subjects_.put(subject);
  patterns_.put(question.pattern);
  record_->kind = question.kind;
  record_->certificate = certificate;
  record_->subject = subject.size();
  record_->pattern = question.pattern.size();
  return true;
}

Question Slate::question() const {
  const auto text = [](const std::uint8_t* octets, std::size_t size) {
    return std::string_view(reinterpret_cast<const char*>(octets), size);
  };
  const std::string_view subject = text(this->subject(), record_->subject);
  Question question{text(pattern(), record_->pattern), {}, record_->kind};
  (record_->certificate ? question.certificate : question.presented) = subject;
  return question;
}

bool Slate::holds(const void* address) const {
  const auto isIn = [address](const std::uint8_t* begin, std::size_t size) {
    return address >= begin && address < begin + size;
  };
  return isIn(subject(), record_->subject) || isIn(pattern(), record_->pattern);
}

}  // namespace relayproof::fuzz
