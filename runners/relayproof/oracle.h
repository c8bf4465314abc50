// The oracle's lines: what `match` and `verdict` read and answer, a JSON object a line.
#pragma once

#include <functional>

#include "certs/document.h"
#include "certs/verify.h"
#include "conformance/verdict/decide.h"

namespace relayproof {

/// Reads a certificate of a question: the object form, or a PEM chain or base64 DER, verified at `at`.
verdict::ClientCertificate readCertificate(const Node& node, certs::ChainVerifier& verifier, std::int64_t at);

/// An identifier as JSON writes it. DNS-ID: a code point an octet; CN: Unicode text.
certs::PresentedIdentifier readIdentifier(const Node& text, certs::IdentifierKind kind);

/// Answers standard input a line at a time; a question that throws Error is answered by {"id":…,"error":"…"}.
void answerLines(const std::function<Json(const Node&)>& answer);

}  // namespace relayproof
