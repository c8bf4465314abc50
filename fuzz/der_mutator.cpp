#include "fuzz/der_mutator.h"

#include <algorithm>
#include <array>
#include <optional>

#include "certs/der.h"
#include "fuzz/certificate_input.h"
#include "fuzz/name_mutator.h"

namespace relayproof::fuzz {
namespace {

namespace der = certs::der;
constexpr int kDeepest = 32;

std::vector<Element> readTo(std::string_view octets, int depth);

Element elementOf(const der::Element& view, int depth) {
  Element element{{static_cast<char>(view.tag)}, std::string(view.content), {}, {}};
  const bool wraps = view.tag == der::kOctetString || view.tag == der::kBitString;
  if (depth == kDeepest || view.content.empty() || (!wraps && (view.tag & 0x20U) == 0)) return element;
  std::string_view inner = view.content;
  if (view.tag == der::kBitString) {
    element.before = inner.front();
    inner.remove_prefix(1);
  }
  element.parts = readTo(inner, depth + 1);
  // What only happens to look like elements is octets.
  const bool whole = !element.parts.empty() && !element.parts.back().tag.empty();
  if (wraps && !whole) element.parts.clear();
  if (element.parts.empty()) element.before.clear();
  return element;
}

std::vector<Element> readTo(std::string_view octets, int depth) {
  std::vector<Element> elements;
  der::Reader reader(octets);
  while (const auto view = reader.next()) elements.push_back(elementOf(*view, depth));
  if (!reader.atEnd()) elements.push_back({{}, std::string(reader.rest()), {}, {}});
  return elements;
}

std::string written(const Element& element);

std::string writtenAll(const std::vector<Element>& elements) {
  std::string octets;
  for (const Element& element : elements) octets += written(element);
  return octets;
}

std::string contentOf(const Element& element) {
  return element.parts.empty() ? element.content : element.before + writtenAll(element.parts);
}

std::string written(const Element& element) {
  if (element.tag.empty()) return element.content;
  return element.tag + der::tlv(0, contentOf(element)).substr(1);
}

using List = std::vector<Element>;
struct Spot {
  List* siblings;
  std::size_t at;
  Element& element() const { return (*siblings)[at]; }
};

void collect(List& elements, std::vector<Spot>& places) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    places.push_back({&elements, i});
    collect(elements[i].parts, places);
  }
}

constexpr std::array<unsigned char, 24> kTags = {0x30, 0x31, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c,
                                                 0x13, 0x14, 0x16, 0x1e, 0x1c, 0x17, 0x80, 0x81,
                                                 0x82, 0x86, 0x87, 0xa0, 0xa3, 0xa4, 0x01, 0x88};

void changeContent(Dice& dice, Element& element) {
  std::string content = contentOf(element);
  element.parts.clear();
  element.before.clear();
  if (dice.oneIn(2)) {
    mutateName(dice, content, "mail.contoso.test", Alphabet::octets);
  } else if (!content.empty() && dice.oneIn(2)) {
    content[dice.below(content.size())] = static_cast<char>(dice.below(256));
  } else {
    content = dice.oneIn(3) ? std::string() : someName(dice, "mail.contoso.test", Alphabet::octets);
  }
  element.content = content;
}

void step(Dice& dice, List& elements) {
  std::vector<Spot> places;
  collect(elements, places);
  if (places.empty()) return;
  const Spot place = dice.of(places);
  Element& element = place.element();
  List& siblings = *place.siblings;
  const auto here = siblings.begin() + static_cast<std::ptrdiff_t>(place.at);
  switch (dice.below(8)) {
    case 0:
      siblings.erase(here);
      break;
    case 1: {
      const Element copy = element;
      siblings.insert(here, copy);
      break;
    }
    case 2:
      std::swap(element, siblings[dice.below(siblings.size())]);
      break;
    case 3:
      if (!element.tag.empty()) element.tag = static_cast<char>(dice.of(kTags));
      break;
    case 4: {  // from elsewhere
      const Element copy = dice.of(places).element();
      siblings.insert(here, copy);
      break;
    }
    case 5: {  // wrapped, or unwrapped
      if (!element.parts.empty() && dice.oneIn(2)) {
        const List parts = element.parts;
        siblings.erase(here);
        siblings.insert(siblings.begin() + static_cast<std::ptrdiff_t>(place.at), parts.begin(), parts.end());
      } else {
        element = {{static_cast<char>(dice.of(kTags))}, {}, {element}, {}};
      }
      break;
    }
    default:
      changeContent(dice, element);
  }
}

// Lengths that lie, that are longer than they need be, or indefinite.
void spoil(Dice& dice, std::string& octets) {
  if (octets.empty()) return;
  const std::size_t at = dice.below(octets.size());
  switch (dice.below(4)) {
    case 0:
      octets[at] = static_cast<char>(dice.of(std::array<unsigned, 6>{0x80, 0x81, 0x82, 0x84, 0xFF, 0x00}));
      break;
    case 1:
      octets[at] = static_cast<char>(static_cast<unsigned char>(octets[at]) + 1);
      break;
    case 2:
      octets.erase(at);
      break;
    default:
      octets.insert(at, 1, static_cast<char>(dice.below(256)));
  }
}

}  // namespace

std::vector<Element> Element::read(std::string_view octets) { return readTo(octets, 0); }
std::string Element::write(const std::vector<Element>& elements) { return writtenAll(elements); }

std::optional<DerInput> DerInput::from(std::string_view octets) {
  if (octets.size() < 2 || octets.front() != static_cast<char>(der::kSequence)) return std::nullopt;
  return DerInput{std::string(octets)};
}

DerInput DerInput::some(Dice& dice) { return {derOf(CertificateInput::some(dice))}; }

void DerInput::mutate(Dice& dice) {
  if (dice.oneIn(8)) return spoil(dice, der);
  std::vector<Element> elements = Element::read(der);
  step(dice, elements);
  der = Element::write(elements);
}

}  // namespace relayproof::fuzz
