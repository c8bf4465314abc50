// The names of a blueprint: texts, RDNs and general names, from JSON straight to the DER that will stand in the
// certificate. A text is a string, {"PrintableString": "…"} or {"UTF8String": {"hex": "…"}}: nothing here refuses a
// name for being hostile, since that is what blueprints are for. Octets that no string type makes are {"tagged": …}.
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
/// The octets of a string of hexadecimal digits.
std::string readDigits(const Node& digits);
/// {"hex": "00ff"}.
std::string readHex(const Node& node);
/// The content octets of a dotted object identifier.
std::string readOid(const Node& node);

/// One element of ASN.1 that need not be right: {"tag": "0c", "length": "8103", "value": TEXT or array of such
/// elements}. The tag in hexadecimal; the length too, and left out: as DER has it.
std::string readElement(const Node& node);
/// A text as the element that it is by its string type, or {"tagged": ELEMENT}.
std::string readValue(const Node& node, StringType usual);

/// One RDN with one attribute, DER. `value`: an element.
std::string rdn(std::string_view attributeOid, std::string_view value);
/// An array of RDNs, each an object of attributes, as a Name (RFC 5280 4.1.2.4), DER.
std::string readName(const Node& node);

/// One element of `san`: a GeneralName (RFC 5280 4.2.1.6), DER; several for {"many": …}.
std::vector<std::string> readGeneralName(const Node& node);
/// A dNSName from a text.
std::string dnsName(const Node& node);

}  // namespace relayproof::certs
