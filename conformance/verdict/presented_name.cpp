#include "conformance/verdict/presented_name.h"

#include <idn2.h>

#include <algorithm>
#include <boost/locale/encoding_utf.hpp>

namespace relayproof::verdict {
namespace {

Reading malformed(std::string_view fault) { return {Reading::Kind::malformed, std::nullopt, fault}; }

Reading readName(std::string_view text, Choices& choices) {
  if (text.size() > 1 && text.ends_with('.') && !text.ends_with("..")) {
    if (choices.is(Option::trailingDot, TrailingDot::malformed)) return malformed("has a trailing dot");
    text.remove_suffix(1);
  }
  const bool wildcard = text.starts_with("*.");
  const std::string_view rest = wildcard ? text.substr(2) : text;
  if (text == "*") return malformed("is a bare `*`");
  if (wildcard && text.size() > 253) return malformed("has more than 253 octets");
  if (const auto fault = faultOfName(rest); !fault.empty()) return malformed(fault);
  if (const auto fault = faultOfName(rest, NameSyntax::preferred);
      !fault.empty() && choices.is(Option::nameSyntax, NameSyntaxChoice::preferred))
    return malformed(fault);
  return {Reading::Kind::name, PresentedName{*DomainName::parse(rest), wildcard}, {}};
}

bool isControl(char32_t c) { return c < 0x20 || c == 0x7F; }
bool isAscii(char32_t c) { return c < 0x80; }

// The A-label of one label, ASCII case folded before. IDNA2008 without the mappings of UTS #46: those would fold case
// beyond ASCII and turn a full-width letter into the letter.
std::optional<std::string> toALabel(std::u32string label) {
  for (char32_t& c : label)
    if (c >= U'A' && c <= U'Z') c += U'a' - U'A';
  const std::string utf8 = boost::locale::conv::utf_to_utf<char>(label);
  unsigned char* ascii = nullptr;
  // The checks of registration: what a U-label is (RFC 5890 2.3.2.1), rules of context and all.
  if (idn2_register_u8(reinterpret_cast<const unsigned char*>(utf8.c_str()), nullptr, &ascii, 0) != IDN2_OK)
    return std::nullopt;
  std::string result(reinterpret_cast<const char*>(ascii));
  idn2_free(ascii);
  return result;
}

// `text` has neither controls nor NULs, so that it may pass through a terminated string.
std::optional<std::string> toALabels(const std::u32string& text) {
  std::string name;
  for (std::size_t start = 0;;) {
    const std::size_t dot = text.find(U'.', start);
    const std::u32string label = text.substr(start, dot - start);
    if (std::all_of(label.begin(), label.end(), isAscii)) {
      name.append(label.begin(), label.end());
    } else if (const auto encoded = toALabel(label)) {
      name += *encoded;
    } else {
      return std::nullopt;
    }
    if (dot == std::u32string::npos) return name;
    name += '.';
    start = dot + 1;
  }
}

Reading readCommonName(const certs::PresentedIdentifier& presented, Choices& choices) {
  const auto text = certs::decodeString(presented.type, presented.octets);
  if (!text) return malformed("cannot be decoded by its string type");
  if (std::any_of(text->begin(), text->end(), isControl))
    return malformed(text->find(U'\0') == std::u32string::npos ? "holds a control octet" : "holds a NUL");
  if (text->find(U' ') != std::u32string::npos)
    return {Reading::Kind::freeText, std::nullopt, "free text: has a space"};
  if (text->find(U'.') == std::u32string::npos) return {Reading::Kind::freeText, std::nullopt, "free text: has no dot"};
  if (std::all_of(text->begin(), text->end(), isAscii))
    return readName(std::string(text->begin(), text->end()), choices);
  if (choices.is(Option::uLabelInCommonName, ULabelInCommonName::malformed)) return malformed("holds a U-label");
  const auto name = toALabels(*text);
  return name ? readName(*name, choices) : malformed("holds a label that is no U-label");
}

}  // namespace

Reading readPresented(const certs::PresentedIdentifier& presented, Choices& choices) {
  return presented.kind == certs::IdentifierKind::commonName ? readCommonName(presented, choices)
                                                             : readName(presented.octets, choices);
}

}  // namespace relayproof::verdict
