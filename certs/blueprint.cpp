#include "certs/blueprint.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "certs/certificate_walk.h"
#include "certs/der.h"
#include "certs/name_blueprint.h"
#include "certs/oid_names.h"

namespace relayproof::certs {
namespace {

constexpr std::int64_t kUsualNotBefore = 1'577'836'800;  // 2020-01-01T00:00:00Z

constexpr std::array<std::string_view, 9> kKeyUsages{"digitalSignature", "nonRepudiation", "keyEncipherment",
                                                     "dataEncipherment", "keyAgreement",   "keyCertSign",
                                                     "cRLSign",          "encipherOnly",   "decipherOnly"};
constexpr std::uint16_t kDigitalSignature = 1U << 0;
constexpr std::uint16_t kKeyCertSign = 1U << 5;

// A key that is there and null says "none", one that is not there says "as usual".
bool isNull(const Node& node, std::string_view key) { return node.has(key) && node.at(key).json().is_null(); }

std::string readSubject(const Node& node) {
  if (const auto whole = node.find("subject")) {
    if (node.has("cn")) node.at("cn").fail("cannot stand beside subject", "write the CN into subject");
    return readName(*whole);
  }
  static const std::string organisation =
      rdn("\x55\x04\x0a", der::tlv(static_cast<std::uint8_t>(StringType::utf8), "relayproof fixture"));
  std::string rdns = organisation;
  if (const auto cn = node.find("cn")) {
    const std::vector<Node> names = cn->json().is_array() ? cn->array() : std::vector<Node>{*cn};
    for (const Node& name : names) rdns += rdn(kCommonNameOid, readValue(name, StringType::utf8));
  }
  return der::tlv(der::kSequence, rdns);
}

std::vector<std::string> readGeneralNames(const Node& array) {
  std::vector<std::string> names;
  for (const Node& each : array.array())
    for (std::string& name : readGeneralName(each)) names.push_back(std::move(name));
  return names;
}

void readSubjectAltName(const Node& node, Blueprint& blueprint) {
  if (const auto dns = node.find("dns"))
    for (const Node& name : dns->array()) blueprint.san.push_back(dnsName(name));
  if (const auto san = node.find("san"))
    for (std::string& name : readGeneralNames(*san)) blueprint.san.push_back(std::move(name));
  if (const auto form = node.find("sanForm"))
    blueprint.sanForm = form->choice<SanForm>({{"normal", SanForm::normal},
                                               {"critical", SanForm::critical},
                                               {"empty", SanForm::empty},
                                               {"undecodable", SanForm::undecodable},
                                               {"twice-first", SanForm::twiceFirst},
                                               {"twice-second", SanForm::twiceSecond}});

  const bool twice = blueprint.sanForm == SanForm::twiceFirst || blueprint.sanForm == SanForm::twiceSecond;
  if (twice && !node.has("sanOther"))
    node.at("sanForm").fail("needs the other copy's names", "add \"sanOther\": [{\"dns\": …}]");
  if (!twice && node.has("sanOther"))
    node.at("sanOther").fail("has no place", "set sanForm to twice-first or twice-second, or take it out");
  if (twice) blueprint.sanOther = readGeneralNames(node.at("sanOther"));
  if (blueprint.sanForm == SanForm::empty && !blueprint.san.empty())
    node.at("sanForm").fail("is empty, and yet there are names", "take dns and san out");
  if (blueprint.sanForm == SanForm::critical && blueprint.san.empty())
    node.at("sanForm").fail("is critical, and yet there are no names", "add dns or san");
}

// A Time, DER.
std::string readTime(const Node& node) {
  if (node.json().is_object()) {
    node.allowOnly({"UTCTime", "GeneralizedTime"});
    if (node.json().size() != 1) node.fail("must be an object with one key", "write UTCTime or GeneralizedTime");
    const auto [type, text] = node.members().front();
    return der::tlv(type == "UTCTime" ? der::kUtcTime : der::kGeneralizedTime, text.string());
  }
  const auto seconds = parseTime(node.string());
  if (!seconds) node.fail("is no time", "write it in UTC, as in 2020-01-01T00:00:00Z");
  return der::time(*seconds);
}

std::vector<std::string> readPurposes(const Node& node) {
  std::vector<std::string> purposes;
  for (const Node& each : node.array()) {
    std::string dotted = each.string();
    for (const auto& [known, name] : kPurposeNames)
      if (dotted == name) dotted = known;
    const auto content = der::oidContent(dotted);
    if (!content) each.fail("is no purpose", "write clientAuth, serverAuth, any, codeSigning or dotted numbers");
    purposes.push_back(*content);
  }
  if (purposes.empty()) node.fail("names no purpose", "write null to leave the extension out");
  return purposes;
}

std::uint16_t readKeyUsage(const Node& node) {
  std::uint16_t bits = 0;
  for (const Node& each : node.array()) {
    const std::string name = each.string();
    std::size_t bit = 0;
    while (bit < kKeyUsages.size() && kKeyUsages[bit] != name) ++bit;
    if (bit == kKeyUsages.size()) {
      const auto near = nearest(name, {kKeyUsages.begin(), kKeyUsages.end()});
      each.fail("is no key usage", near ? fmt::format("did you mean \"{}\"?", *near)
                                        : "the names are those of RFC 5280 4.2.1.3, as in digitalSignature");
    }
    bits = static_cast<std::uint16_t>(bits | (1U << bit));
  }
  if (bits == 0) node.fail("names no usage", "write null to leave the extension out");
  return bits;
}

std::vector<std::string> readChain(const Node& node) {
  std::vector<std::string> chain;
  for (const Node& each : node.array()) chain.push_back(each.json().is_string() ? each.string() : std::string());
  if (chain.empty()) node.fail("is empty", "name at least the leaf; a client without a certificate needs no blueprint");
  return chain;
}

std::vector<BlueprintExtension> readExtensions(const Node& node) {
  std::vector<BlueprintExtension> extensions;
  for (const Node& each : node.array()) {
    each.allowOnly({"oid", "critical", "hex", "tagged"});
    if (each.has("hex") == each.has("tagged"))
      each.fail("needs its value", "write either \"hex\" with the octets or \"tagged\" with an element");
    BlueprintExtension extension{readOid(each.at("oid")), each.booleanOr("critical", false), {}};
    if (each.has("tagged"))
      extension.value = readElement(each.at("tagged"));
    else if (!isNull(each, "hex"))
      extension.value = readDigits(each.at("hex"));
    extensions.push_back(std::move(extension));
  }
  return extensions;
}

// CRLDistributionPoints (RFC 5280 4.2.1.13): one point of several URIs.
BlueprintExtension readCrl(const Node& node, const std::string& ourAddress) {
  constexpr std::string_view kOurs = "{crl}";
  std::string uris;
  for (std::string& uri : node.strings()) {
    if (const auto at = uri.find(kOurs); at != std::string::npos) uri.replace(at, kOurs.size(), ourAddress);
    uris += der::tlv(der::primitive(6), uri);
  }
  if (uris.empty()) node.fail("names no CRL", "write [\"http://crl.example.test/ca.crl\"], or take it out");
  const std::string fullName = der::tlv(der::constructed(0), der::tlv(der::constructed(0), uris));
  return {*der::oidContent("2.5.29.31"), false, der::sequence({der::sequence({fullName})})};
}

std::string subtrees(const Node& node, unsigned number) {
  std::string content;
  for (const std::string& name : readGeneralNames(node)) content += der::sequence({name});
  if (content.empty()) node.fail("names no subtree", "add {\"dns\": …}, or take it out");
  return der::tlv(der::constructed(number), content);
}

std::string readNameConstraints(const Node& node) {
  node.allowOnly({"permitted", "excluded"});
  std::string content;
  if (const auto permitted = node.find("permitted")) content += subtrees(*permitted, 0);
  if (const auto excluded = node.find("excluded")) content += subtrees(*excluded, 1);
  if (content.empty()) node.fail("constrains nothing", "add permitted or excluded");
  return der::tlv(der::kSequence, content);
}

void allowKeys(const Node& node, Role role) {
  if (role == Role::authority)
    node.allowOnly({"cn",        "subject",   "dns",        "san",    "sanForm",          "sanOther",
                    "notBefore", "notAfter",  "issuer",     "ca",     "extendedKeyUsage", "keyUsage",
                    "key",       "signature", "extensions", "serial", "pathLength",       "nameConstraints",
                    "scheme",    "crl",       "version",    "sameAs", "nameOf",           "keyFrom",
                    "why",       "sharedKey"});
  else
    node.allowOnly(
        {"cn",       "subject",   "dns",        "san",      "sanForm",          "sanOther",        "notBefore",
         "notAfter", "issuer",    "chain",      "ca",       "extendedKeyUsage", "keyUsage",        "key",
         "keyOf",    "signature", "extensions", "serial",   "pathLength",       "nameConstraints", "scheme",
         "crl",      "version",   "through",    "sharedKey"});
}

}  // namespace

std::optional<std::int64_t> parseTime(std::string_view text) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
  if (text.size() != pattern.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = pattern[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == pattern[i];
    if (!fits) return std::nullopt;
  }
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) value = 10 * value + (c - '0');
    return value;
  };
  using namespace std::chrono;
  const year_month_day date(year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                            day(static_cast<unsigned>(number(8, 2))));
  if (!date.ok() || number(0, 4) < 1950 || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59)
    return std::nullopt;
  const sys_seconds instant = sys_days(date) + hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2));
  return instant.time_since_epoch().count();
}

Blueprint readBlueprint(const Node& node, Role role, const Usual& usual) {
  allowKeys(node, role);
  Blueprint blueprint;
  blueprint.subject = readSubject(node);
  readSubjectAltName(node, blueprint);

  const auto notBefore = node.find("notBefore");
  const auto notAfter = node.find("notAfter");
  blueprint.notBefore = notBefore ? readTime(*notBefore) : der::time(kUsualNotBefore);
  blueprint.notAfter = notAfter ? readTime(*notAfter) : der::time(usual.notAfter);

  if (const auto issuer = node.find("issuer")) blueprint.issuer = issuer->string();
  if (const auto chain = node.find("chain")) blueprint.chain = readChain(*chain);

  blueprint.ca = node.booleanOr("ca", role == Role::authority);
  blueprint.keyUsage = blueprint.ca ? kKeyCertSign : kDigitalSignature;
  if (isNull(node, "keyUsage")) blueprint.keyUsage = 0;
  if (const auto usage = node.find("keyUsage")) blueprint.keyUsage = readKeyUsage(*usage);

  if (role == Role::leaf || !blueprint.ca)
    blueprint.extendedKeyUsage = {*der::oidContent("1.3.6.1.5.5.7.3.2"), *der::oidContent("1.3.6.1.5.5.7.3.1")};
  if (isNull(node, "extendedKeyUsage")) blueprint.extendedKeyUsage.clear();
  if (const auto purposes = node.find("extendedKeyUsage")) blueprint.extendedKeyUsage = readPurposes(*purposes);

  if (const auto key = node.find("key"))
    blueprint.key = key->choice<KeyType>({{"p256", KeyType::p256},
                                          {"p384", KeyType::p384},
                                          {"rsa2048", KeyType::rsa2048},
                                          {"rsa3072", KeyType::rsa3072},
                                          {"rsa4096", KeyType::rsa4096},
                                          {"rsaPss2048", KeyType::rsaPss2048},
                                          {"ed25519", KeyType::ed25519}});
  if (const auto keyOf = node.find("keyOf")) {
    blueprint.foreignKey = keyOf->choice<bool>({{"own", false}, {"foreign", true}});
    if (blueprint.foreignKey && blueprint.key == KeyType::ed25519)
      keyOf->fail("cannot be foreign with this key", "use another one, which carries its public half along");
  }
  if (node.has("sharedKey")) blueprint.sharedKey = node.at("sharedKey").string();
  if (const auto signature = node.find("signature"))
    blueprint.signature = signature->choice<SignatureForm>({{"good", SignatureForm::good},
                                                            {"broken", SignatureForm::broken},
                                                            {"foreign", SignatureForm::foreign},
                                                            {"renamed", SignatureForm::renamed},
                                                            {"renamedInside", SignatureForm::renamedInside},
                                                            {"empty", SignatureForm::empty},
                                                            {"unknown", SignatureForm::unknown}});
  if (const auto scheme = node.find("scheme"))
    blueprint.scheme = scheme->choice<SignatureScheme>(
        {{"usual", SignatureScheme::usual}, {"sha1", SignatureScheme::sha1}, {"pss", SignatureScheme::pss}});
  if (const auto crl = node.find("crl")) blueprint.extensions.push_back(readCrl(*crl, usual.crlAddress));
  if (const auto extensions = node.find("extensions"))
    for (BlueprintExtension& extension : readExtensions(*extensions))
      blueprint.extensions.push_back(std::move(extension));
  if (const auto version = node.find("version")) blueprint.version1 = version->integer(1, 1) == 1;
  if (const auto serial = node.find("serial")) {
    blueprint.serial = readHex(*serial);
    if (blueprint.serial->empty()) serial->fail("has no octets", "an INTEGER has one octet or more");
  }
  if (const auto pathLength = node.find("pathLength")) blueprint.pathLength = pathLength->integer(0, 100);
  if (const auto constraints = node.find("nameConstraints"))
    blueprint.nameConstraints = readNameConstraints(*constraints);
  if (const auto sameAs = node.find("sameAs")) {
    for (const char* key : {"cn", "subject", "key", "nameOf", "keyFrom"})
      if (node.has(key)) node.at(key).fail("cannot stand beside sameAs", "take it out");
    blueprint.sameAs = sameAs->string();
  }
  if (const auto nameOf = node.find("nameOf")) {
    for (const char* key : {"cn", "subject"})
      if (node.has(key)) node.at(key).fail("cannot stand beside nameOf", "take it out");
    blueprint.nameOf = nameOf->string();
  }
  if (const auto keyFrom = node.find("keyFrom")) {
    for (const char* key : {"key", "sharedKey"})
      if (node.has(key)) node.at(key).fail("cannot stand beside keyFrom", "take it out");
    blueprint.keyFrom = keyFrom->string();
  }
  return blueprint;
}

}  // namespace relayproof::certs
