#include "certs/crl.h"

#include <utility>

#include "certs/der.h"
#include "certs/name_blueprint.h"

namespace relayproof::certs {
namespace {

constexpr std::string_view kAuthorityKeyIdentifierOfCrl = "\x55\x1d\x23";
constexpr std::string_view kCrlNumberOid = "\x55\x1d\x14";

std::string crlExtension(std::string_view oid, std::string_view value) {
  return der::sequence({der::tlv(der::kOid, oid), der::tlv(der::kOctetString, value)});
}

std::string timeOf(const Node& node, const char* key, const char* usual) {
  const auto seconds = parseTime(node.stringOr(key, usual));
  if (!seconds) node.at(key).fail("is no time", "write it in UTC, as in 2020-01-01T00:00:00Z");
  return der::time(*seconds);
}

}  // namespace

CrlBlueprint readCrlBlueprint(const Node& node) {
  node.allowOnly({"revoked", "thisUpdate", "nextUpdate", "signature"});
  CrlBlueprint blueprint;
  if (const auto revoked = node.find("revoked"))
    for (const Node& serial : revoked->array()) blueprint.revoked.push_back(readHex(serial));
  blueprint.thisUpdate = timeOf(node, "thisUpdate", "2020-01-01T00:00:00Z");
  blueprint.nextUpdate = timeOf(node, "nextUpdate", "2049-12-31T00:00:00Z");
  if (const auto signature = node.find("signature"))
    blueprint.broken = signature->choice<bool>({{"good", false}, {"broken", true}});
  return blueprint;
}

std::string makeCrl(const CrlBlueprint& blueprint, const Issuer& issuer) {
  const std::string one = der::unsignedInteger("\x01");
  const std::string algorithm = issuer.signer->signatureAlgorithm();
  std::string entries;
  for (const std::string& serial : blueprint.revoked)
    entries += der::sequence({der::tlv(der::kInteger, serial), blueprint.thisUpdate});
  const std::string keyIdentifier = der::sequence({der::tlv(der::primitive(0), issuer.keyIdentifier)});
  const std::string extensions = der::tlv(
      der::constructed(0),
      der::sequence({crlExtension(kAuthorityKeyIdentifierOfCrl, keyIdentifier), crlExtension(kCrlNumberOid, one)}));
  const std::string toBeSigned =
      der::sequence({one, algorithm, issuer.subject, blueprint.thisUpdate, blueprint.nextUpdate,
                     entries.empty() ? std::string() : der::sequence({entries}), extensions});
  std::string signature = issuer.signer->sign(toBeSigned);
  if (blueprint.broken) signature.back() = static_cast<char>(signature.back() ^ 0x01);
  return der::sequence({toBeSigned, algorithm, der::bitString(signature)});
}

}  // namespace relayproof::certs
