// The names of a blueprint: texts, RDNs and general names, from JSON straight to the DER that will stand in the
// certificate. A text is a string, {"PrintableString": "…"} or {"UTF8String": {"hex": "…"}}: nothing here refuses a
// name for being hostile, since that is what blueprints are for.
#pragma once

#include <string>
#include <vector>

#include "certs/document.h"
#include "certs/identifiers.h"

namespace relayproof::certs {

struct Text {
  StringType type = StringType::utf8;
  std::string octets;
};

/// `usual` is the type of a bare string.
Text readText(const Node& node, StringType usual);
/// {"hex": "00ff"}.
std::string readHex(const Node& node);
/// The content octets of a dotted object identifier.
std::string readOid(const Node& node);

/// One RDN with one attribute, DER.
std::string rdn(std::string_view attributeOid, const Text& value);
/// An array of RDNs, each an object of attributes, as a Name (RFC 5280 4.1.2.4), DER.
std::string readName(const Node& node);

/// One element of `san`: a GeneralName (RFC 5280 4.2.1.6), DER; several for {"many": …}.
std::vector<std::string> readGeneralName(const Node& node);
/// A dNSName from a text.
std::string dnsName(const Node& node);

}  // namespace relayproof::certs
