// The string types of ASN.1: text to content octets. (The way back, decodeString, is part of certs/identifiers.h.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "certs/identifiers.h"

namespace relayproof::certs {

/// Content octets of a text. No alphabet is checked: a NUL in a PrintableString is the caller's point. nullopt: a code
/// point that the type cannot hold (above U+00FF in the one-octet types, above U+FFFF in BMPString).
std::optional<std::string> encodeString(StringType type, std::u32string_view text);

/// "PrintableString", or "" for a type that is none of them.
std::string_view nameOf(StringType type);
std::optional<StringType> stringTypeNamed(std::string_view name);
/// `other` for every tag that is no string type.
StringType stringTypeOfTag(std::uint8_t tag);

}  // namespace relayproof::certs
