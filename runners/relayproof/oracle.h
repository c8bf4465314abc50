// The oracle's lines: what `match` and `verdict` read and answer, a JSON object a line.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "certs/document.h"
#include "certs/verify.h"
#include "conformance/verdict/decide.h"

namespace relayproof {

/// Reads a certificate of a question: the object form, or a PEM chain or base64 DER, verified at `at`.
verdict::ClientCertificate readCertificate(const Node& node, certs::ChainVerifier& verifier, std::int64_t at);

/// An identifier as JSON writes it. DNS-ID: a code point an octet; CN: Unicode text.
certs::PresentedIdentifier readIdentifier(const Node& text, certs::IdentifierKind kind);

/// The answer to a question, without its id; throws Error where it is none.
using Answer = std::function<Json(const Node& question)>;

struct Question {
  std::string place;  ///< "line 3"
  Json id;            ///< as the asker named it; null where nothing can be made out
  Expected<Json> content;
};

/// Hands over standard input a line at a time, blank ones left out, for as long as `use` returns true.
void eachQuestion(const std::function<bool(const Question&)>& use);

/// The answer with the id of its question; where it is none, {"id":…,"error":"…"}.
Json answerTo(const Question& question, const Answer& answer);

/// Answers standard input a line at a time.
void answerLines(const Answer& answer);

}  // namespace relayproof
