// Mutations of DER that know where elements begin and end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/dice.h"

namespace relayproof::fuzz {

/// Octets as elements inside elements. What is no element stays octets; so writing it gives what was read, unless a
/// length was written in more octets than DER has it.
struct Element {
  std::string tag;  ///< identifier octets; empty: `content` is no element
  std::string content;
  std::vector<Element> parts;  ///< where there are any, they are the content
  std::string before;          ///< content in front of the parts: the first octet of a BIT STRING

  static std::vector<Element> read(std::string_view octets);
  static std::string write(const std::vector<Element>& elements);
};

/// The input of targets that read DER of anyone's. A certificate where it begins from nothing.
struct DerInput {
  std::string der;

  static std::optional<DerInput> from(std::string_view octets);
  std::string octets() const { return der; }
  static DerInput some(Dice& dice);
  /// One step inside an element; the lengths around it are mended more often than not.
  void mutate(Dice& dice);
  std::string& text(Dice&) { return der; }
};

}  // namespace relayproof::fuzz
