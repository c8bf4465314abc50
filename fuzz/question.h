// What a matcher is asked, and the line of `relayproof match` that asks the same.
#pragma once

#include <cstdio>
#include <string_view>

#include "certs/identifiers.h"

namespace relayproof::fuzz {

struct Question {
  std::string_view pattern;
  std::string_view presented;  ///< a common name: UTF-8
  certs::IdentifierKind kind = certs::IdentifierKind::dnsId;
  std::string_view certificate = {};  ///< DER; empty: the question is about `presented`
};

/// Writes the line, in ASCII alone. Takes no memory: it is called where a matcher has just crashed.
void writeLine(std::FILE* out, const Question& question);

}  // namespace relayproof::fuzz
