// From labels and words to what goes over the wire: placeholders, octets in JSON strings, and the steps of a case.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/case.h"
#include "conformance/wire/step.h"

namespace relayproof::catalogue {

inline constexpr std::string_view kNull = "null";
inline constexpr std::string_view kForeign = "foreign";
inline constexpr std::string_view kExternal = "external";
inline constexpr std::string_view kLocal = "local:";
/// What they stand for where a set-up says nothing else.
inline constexpr std::string_view kUsualForeign = "{token}@foreign.example";
inline constexpr std::string_view kUsualExternal = "{token}@elsewhere.example";

/// `text` with every `placeholder` replaced.
std::string filled(std::string text, std::string_view placeholder, std::string_view value);

/// RFC 5321 4.5.1: in any case, without a domain.
bool isPostmaster(std::string_view label);

/// The octets that a JSON string stands for, one for each code point up to U+00FF. Throws Error beyond.
std::string octets(const Node& node);

/// The steps of a case as a player takes them, numbers of transactions as indices. The connection, greeting and EHLO
/// that a case may take for granted are put in front. Throws Error for a step that cannot be read or that names a
/// transaction which is not there.
std::vector<wire::Step> readSteps(const Case& one, const std::string& ehloName, const std::string& token);

/// Those of the session itself, and those of the one beside it where there are any.
std::vector<std::vector<wire::Step>> bySession(const std::vector<wire::Step>& steps);

}  // namespace relayproof::catalogue
