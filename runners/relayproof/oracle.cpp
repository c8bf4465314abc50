#include "runners/relayproof/oracle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/locale/encoding_utf.hpp>
#include <iostream>
#include <string_view>

#include "certs/der.h"
#include "certs/mint.h"
#include "certs/oid_names.h"
#include "conformance/catalogue/certificate_facts.h"

namespace relayproof {
namespace {

constexpr std::size_t kLongestLine = std::size_t{64} << 20;  // octets; a longer question is answered by an error

// Reads up to the next line feed, keeping at most kLongestLine octets of it.
bool readLine(std::istream& in, std::string& line, bool& tooLong) {
  line.clear();
  tooLong = false;
  std::streambuf* octets = in.rdbuf();
  bool any = false;
  for (int c = octets->sbumpc(); c != std::char_traits<char>::eof(); c = octets->sbumpc()) {
    any = true;
    if (c == '\n') return true;
    if (line.size() < kLongestLine)
      line += static_cast<char>(c);
    else
      tooLong = true;
  }
  return any;
}

// The id of a line that is no valid JSON, where it stands first: its asker still wants to know which line that was.
Json idAtTheFront(std::string_view line) {
  const auto skip = [&](std::string_view text) {
    const std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string_view::npos || !line.substr(at).starts_with(text)) return false;
    line.remove_prefix(at + text.size());
    return true;
  };
  if (!skip("{") || !skip("\"id\"") || !skip(":")) return nullptr;
  constexpr std::size_t kLongestId = 200;
  const std::string_view value = line.substr(0, std::min(line.find_first_of(",}"), kLongestId));
  const Json id = Json::parse(value, nullptr, false);
  return id.is_string() || id.is_number() ? id : Json();
}

std::string octetsOf(const Node& node) {
  std::string octets;
  const std::string text = node.string();
  const auto points = certs::decodeString(certs::StringType::utf8, text);
  if (!points) node.fail("is no valid UTF-8");
  for (const char32_t point : *points) {
    if (point > 0xff)
      node.fail("a DNS-ID is octets: a code point above U+00FF cannot stand here", "write one \\u00XX an octet");
    octets += static_cast<char>(point);
  }
  return octets;
}

// A purpose by its name or its dotted numbers. What is known by a name is told by it.
std::string purposeOf(const Node& node) {
  const std::string said = node.string();
  if (said == "anyExtendedKeyUsage") return "any";
  std::vector<std::string_view> known;
  for (const auto& [dotted, name] : certs::kPurposeNames) {
    if (said == name || said == dotted) return std::string(name);
    known.push_back(name);
  }
  if (certs::der::oidContent(said)) return said;
  const auto near = nearest(said, known);
  node.fail("is no purpose", near ? fmt::format("did you mean \"{}\"?", *near)
                                  : fmt::format("write {}, or dotted numbers", fmt::join(known, ", ")));
}

verdict::ClientCertificate fromChain(const Node& node, certs::ChainVerifier& verifier, std::int64_t at) {
  const auto chain = certs::certificatesFromPem(node.string(), "");
  if (!chain) node.fail(chain.error().text());
  if (chain->empty()) node.fail("holds no certificate", "give a PEM chain, leaf first, or base64 DER");
  try {
    return catalogue::certificateFacts(*chain, verifier, at);
  } catch (const Error& error) {
    node.fail(error.text());
  }
}

}  // namespace

certs::PresentedIdentifier readIdentifier(const Node& text, certs::IdentifierKind kind) {
  if (kind == certs::IdentifierKind::dnsId) return {kind, certs::StringType::ia5, octetsOf(text)};
  return {kind, certs::StringType::utf8, text.string()};
}

verdict::ClientCertificate readCertificate(const Node& node, certs::ChainVerifier& verifier, std::int64_t at) {
  if (node.json().is_string()) return fromChain(node, verifier, at);
  node.allowOnly({"verified", "commonNames", "dnsNames", "otherSubjectIdentifiers", "subjectAltNameMalformed",
                  "extendedKeyUsage", "revocation", "commonNameOutsideConstraint"});
  verdict::ClientCertificate certificate;
  certificate.verified = node.booleanOr("verified", false);
  certificate.otherSubjectIdentifiers = node.booleanOr("otherSubjectIdentifiers", false);
  if (const auto names = node.find("commonNames"))
    for (const Node& name : names->array())
      certificate.commonNames.push_back(readIdentifier(name, certs::IdentifierKind::commonName));
  if (const auto names = node.find("dnsNames"))
    for (const Node& name : names->array())
      certificate.dnsNames.push_back(readIdentifier(name, certs::IdentifierKind::dnsId));
  if (const auto usage = node.find("extendedKeyUsage")) {
    certificate.extendedKeyUsage.emplace();
    for (const Node& purpose : usage->array()) certificate.extendedKeyUsage->push_back(purposeOf(purpose));
  }
  certificate.subjectAltNameMalformed = node.booleanOr("subjectAltNameMalformed", false);
  if (const auto revocation = node.find("revocation"))
    certificate.revocation = revocation->choice<verdict::Revocation>({{"good", verdict::Revocation::good},
                                                                      {"revoked", verdict::Revocation::revoked},
                                                                      {"unknown", verdict::Revocation::unknown}});
  if (node.booleanOr("commonNameOutsideConstraint", false))
    for (std::size_t i = 0; i < certificate.commonNames.size(); ++i) certificate.commonNamesOutsideConstraint.insert(i);
  return certificate;
}

std::string textOf(const certs::PresentedIdentifier& identifier) {
  const bool isCommonName = identifier.kind == certs::IdentifierKind::commonName;
  // T61String is read as Latin-1: a code point an octet.
  const auto text = certs::decodeString(isCommonName ? identifier.type : certs::StringType::teletex, identifier.octets);
  return text ? boost::locale::conv::utf_to_utf<char>(*text) : certs::escaped(identifier.octets);
}

void eachQuestion(const std::function<bool(const Question&)>& use) {
  std::ios::sync_with_stdio(false);
  std::string line;
  bool tooLong = false;
  for (std::uint64_t number = 1; readLine(std::cin, line, tooLong); ++number) {
    const std::string place = fmt::format("line {}", number);
    if (line.find_first_not_of(" \t\r") == std::string::npos && !tooLong) continue;
    Question question{place, nullptr,
                      tooLong ? Expected<Json>(Error(place, "", "is longer than 64 MiB", "")) : parseJson(line, place)};
    if (!question.content)
      question.id = idAtTheFront(line);
    else if (question.content->is_object() && question.content->contains("id"))
      question.id = (*question.content)["id"];
    if (!use(question)) return;
  }
}

Json answerTo(const Question& question, const Answer& answer) {
  Json reply = Json::object();
  reply["id"] = question.id;
  if (!question.content) {
    reply["error"] = question.content.error().text();
    return reply;
  }
  try {
    Json answered = answer(Node(*question.content, question.place, ""));
    for (auto& [key, value] : answered.get_ref<Json::object_t&>()) reply[key] = std::move(value);
  } catch (const Error& error) {
    reply["error"] = error.text();
  }
  return reply;
}

void answerLines(const Answer& answer) {
  eachQuestion([&](const Question& question) {
    std::cout << answerTo(question, answer).dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
    if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
    return true;
  });
  std::cout.flush();
}

}  // namespace relayproof
