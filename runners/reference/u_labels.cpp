#include "runners/reference/u_labels.h"

#include <idn2.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "runners/reference/names.h"

namespace relayproof::reference {
namespace {

struct IdnFree {
  template <class T>
  void operator()(T* text) const {
    idn2_free(text);
  }
};

bool isAscii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

// The library reads up to a NUL, so `label` must hold none.
std::optional<std::string> aLabelOf(const std::string& label) {
  std::uint8_t* encoded = nullptr;
  if (idn2_register_u8(reinterpret_cast<const std::uint8_t*>(label.c_str()), nullptr, &encoded, 0) != IDN2_OK)
    return std::nullopt;
  const std::unique_ptr<std::uint8_t, IdnFree> owner(encoded);
  std::string aLabel(reinterpret_cast<const char*>(encoded));

  char* decoded = nullptr;
  if (idn2_to_unicode_8z8z(aLabel.c_str(), &decoded, 0) != IDN2_OK) return std::nullopt;
  const std::unique_ptr<char, IdnFree> back(decoded);
  if (label != back.get()) return std::nullopt;
  return aLabel;
}

}  // namespace

std::optional<std::string> withALabels(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return std::nullopt;
  std::string made;
  for (std::size_t at = 0;;) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    const std::string_view label = name.substr(at, dot - at);
    if (isAscii(label)) {
      made += label;
    } else if (const auto aLabel = aLabelOf(foldCase(label))) {
      made += *aLabel;
    } else {
      return std::nullopt;
    }
    if (dot == name.size()) return made;
    made += '.';
    at = dot + 1;
  }
}

}  // namespace relayproof::reference
