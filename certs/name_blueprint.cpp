#include "certs/name_blueprint.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "certs/der.h"
#include "certs/oid_names.h"
#include "certs/string_type.h"

namespace relayproof::certs {
namespace {

constexpr std::int64_t kMostNames = 100'000;

constexpr std::string_view kTypesMend =
    "write a string, {\"PrintableString\": \"…\"} or {\"UTF8String\": {\"hex\": \"…\"}} with one of UTF8String, "
    "PrintableString, T61String, IA5String, BMPString, UniversalString";

// A blueprint's only member, for the objects that name their kind by a key.
std::pair<std::string, Node> onlyMember(const Node& node, std::string_view mend) {
  const auto members = node.members();
  if (members.size() != 1) node.fail("must be an object with one key", std::string(mend));
  return members.front();
}

std::string encoded(const Node& node, StringType type) {
  const auto text = decodeString(StringType::utf8, node.string());
  const auto octets = encodeString(type, *text);
  if (octets) return *octets;
  node.fail(fmt::format("holds a character that {} cannot", nameOf(type)),
            "use UTF8String, or give the octets as {\"hex\": \"…\"}");
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string attributeOid(const std::string& name, const Node& value) {
  for (const auto& [dotted, known] : kAttributeNames)
    if (known == name) return *der::oidContent(dotted);
  if (auto content = der::oidContent(name)) return *content;
  std::vector<std::string_view> known;
  for (const OidName& attribute : kAttributeNames) known.push_back(attribute.second);
  const auto near = nearest(name, known);
  value.fail("unknown attribute", near ? fmt::format("did you mean \"{}\"?", *near)
                                       : "name one of C, O, OU, CN, L, ST, emailAddress, serialNumber, DC, UID, or a "
                                         "dotted object identifier");
}

std::string attribute(std::string_view oidContent, std::string_view value) {
  return der::sequence({der::tlv(der::kOid, oidContent), value});
}

std::string readAddress(const Node& node) {
  if (node.json().is_object()) return readHex(node);
  const std::string text = node.string();
  std::array<char, 16> octets;
  if (text.find('\0') == std::string::npos) {
    if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return {octets.data(), 4};
    if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return {octets.data(), 16};
  }
  node.fail("is no IP address", "write \"192.0.2.1\", \"2001:db8::1\" or {\"hex\": \"…\"}");
}

std::string generalText(unsigned number, const Node& node) {
  return der::tlv(der::primitive(number), readText(node, StringType::ia5).octets);
}

std::string readOtherName(const Node& node) {
  node.allowOnly({"oid", "value"});
  return der::tlv(der::constructed(0), {der::tlv(der::kOid, readOid(node.at("oid"))),
                                        der::tlv(der::constructed(0), readValue(node.at("value"), StringType::utf8))});
}

std::vector<std::string> readMany(const Node& node) {
  node.allowOnly({"count", "dns"});
  const Node pattern = node.at("dns");
  const std::string text = encoded(pattern, StringType::ia5);
  const std::size_t hole = text.find("{n}");
  if (hole == std::string::npos)
    pattern.fail("has no place for the number", "write {n} once, as in host{n}.example.test");
  std::vector<std::string> names;
  const std::int64_t count = node.at("count").integer(1, kMostNames);
  for (std::int64_t n = 1; n <= count; ++n)
    names.push_back(der::tlv(der::primitive(2), {text.substr(0, hole), std::to_string(n), text.substr(hole + 3)}));
  return names;
}

using ReadNames = std::vector<std::string> (*)(const Node&);
struct NameForm {
  std::string_view key;
  ReadNames read;
};
constexpr std::array<NameForm, 11> kNameForms{{
    {"dns", [](const Node& n) { return std::vector{dnsName(n)}; }},
    {"email", [](const Node& n) { return std::vector{generalText(1, n)}; }},
    {"uri", [](const Node& n) { return std::vector{generalText(6, n)}; }},
    {"ip", [](const Node& n) { return std::vector{der::tlv(der::primitive(7), readAddress(n))}; }},
    {"directory", [](const Node& n) { return std::vector{der::tlv(der::constructed(4), readName(n))}; }},
    {"other", [](const Node& n) { return std::vector{readOtherName(n)}; }},
    {"registered", [](const Node& n) { return std::vector{der::tlv(der::primitive(8), readOid(n))}; }},
    {"x400", [](const Node& n) { return std::vector{der::tlv(der::constructed(3), readHex(n))}; }},
    {"raw", [](const Node& n) { return std::vector{readHex(n)}; }},
    {"tagged", [](const Node& n) { return std::vector{readElement(n)}; }},
    {"many", readMany},
}};

}  // namespace

std::string readDigits(const Node& digits) {
  const std::string text = digits.string();
  std::string octets;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) digits.fail("is not hexadecimal", "two digits an octet, nothing between them");
    octets.push_back(static_cast<char>(16 * high + low));
  }
  if (text.size() % 2 != 0) digits.fail("has an odd number of digits", "two digits an octet");
  return octets;
}

std::string readHex(const Node& node) {
  if (!node.json().is_object()) node.fail("is not given as octets", "write {\"hex\": \"7f01\"}");
  node.allowOnly({"hex"});
  return readDigits(node.at("hex"));
}

std::string readElement(const Node& node) {
  node.allowOnly({"tag", "length", "value"});
  const std::string tag = readDigits(node.at("tag"));
  if (tag.empty()) node.at("tag").fail("has no octets", "write the identifier octet, as in 82");
  const Node value = node.at("value");
  std::string content;
  if (value.json().is_array())
    for (const Node& each : value.array()) content += readElement(each);
  else
    content = readText(value, StringType::ia5).octets;
  if (const auto length = node.find("length")) return tag + readDigits(*length) + content;
  return tag + der::tlv(0, content).substr(1);
}

std::string readValue(const Node& node, StringType usual) {
  if (node.has("tagged")) {
    node.allowOnly({"tagged"});
    return readElement(node.at("tagged"));
  }
  const Text text = readText(node, usual);
  return der::tlv(static_cast<std::uint8_t>(text.type), text.octets);
}

std::string readOid(const Node& node) {
  const auto content = der::oidContent(node.string());
  if (!content) node.fail("is no object identifier", "write dotted numbers, as in 1.3.6.1.5.5.7.8.7");
  return *content;
}

Text readText(const Node& node, StringType usual) {
  if (node.json().is_string()) return {usual, encoded(node, usual)};
  if (!node.json().is_object()) node.fail("is no text", std::string(kTypesMend));
  const auto [name, value] = onlyMember(node, kTypesMend);
  if (name == "hex") return {usual, readHex(node)};
  const auto type = stringTypeNamed(name);
  if (!type) value.fail("unknown string type", std::string(kTypesMend));
  return {*type, value.json().is_object() ? readHex(value) : encoded(value, *type)};
}

std::string rdn(std::string_view oidContent, std::string_view value) {
  return der::tlv(der::kSet, attribute(oidContent, value));
}

std::string readName(const Node& node) {
  std::vector<std::string> rdns;
  for (const Node& each : node.array()) {
    std::vector<std::string> attributes;
    for (const auto& [name, value] : each.members())
      attributes.push_back(attribute(attributeOid(name, value), readValue(value, StringType::utf8)));
    if (attributes.empty()) each.fail("an RDN without an attribute", "write {\"O\": \"…\"}, or take it out");
    std::sort(attributes.begin(), attributes.end());  // DER orders a SET OF by its octets (X.690 11.6)
    std::string content;
    for (const std::string& one : attributes) content += one;
    rdns.push_back(der::tlv(der::kSet, content));
  }
  return der::sequenceOf(rdns);
}

std::string dnsName(const Node& node) { return generalText(2, node); }

std::vector<std::string> readGeneralName(const Node& node) {
  std::vector<std::string_view> known;
  for (const NameForm& form : kNameForms) known.push_back(form.key);
  const std::string mend =
      "write one of {\"dns\": …}, {\"email\": …}, {\"uri\": …}, {\"ip\": …}, {\"directory\": …}, {\"other\": …}, "
      "{\"registered\": …}, {\"x400\": …}, {\"raw\": …}, {\"tagged\": …}, {\"many\": …}";
  const auto [name, value] = onlyMember(node, mend);
  for (const NameForm& form : kNameForms)
    if (form.key == name) return form.read(value);
  const auto near = nearest(name, known);
  value.fail("unknown kind of name", near ? fmt::format("did you mean \"{}\"?", *near) : mend);
}

}  // namespace relayproof::certs
