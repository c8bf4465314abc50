#include "conformance/result/transcript.h"

#include <cstring>
#include <string_view>

namespace relayproof::result {
namespace {

template <class Value>
void put(std::string& packed, Value value) {
  char octets[sizeof value];
  std::memcpy(octets, &value, sizeof value);
  packed.append(octets, sizeof value);
}

template <class Value>
Value take(std::string_view& packed) {
  Value value;
  std::memcpy(&value, packed.data(), sizeof value);
  packed.remove_prefix(sizeof value);
  return value;
}

void putText(std::string& packed, const std::string& text) {
  put(packed, text.size());
  packed += text;
}

std::string takeText(std::string_view& packed) {
  const auto size = take<std::size_t>(packed);
  std::string text(packed.substr(0, size));
  packed.remove_prefix(size);
  return text;
}

}  // namespace

Transcript::Transcript(const std::vector<session::Event>& events) {
  for (const session::Event& event : events) {
    put(packed_, event.at);
    putText(packed_, event.from);
    putText(packed_, event.text);
  }
  packed_.shrink_to_fit();
}

std::vector<session::Event> Transcript::events() const {
  std::vector<session::Event> events;
  for (std::string_view rest = packed_; !rest.empty();) {
    session::Event& event = events.emplace_back();
    event.at = take<double>(rest);
    event.from = takeText(rest);
    event.text = takeText(rest);
  }
  return events;
}

}  // namespace relayproof::result
