#include "runners/relayproof/oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string_view>

#include "certs/mint.h"
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
  certificate.subjectAltNameMalformed = node.booleanOr("subjectAltNameMalformed", false);
  if (const auto usage = node.find("extendedKeyUsage")) certificate.extendedKeyUsage = usage->strings();
  if (const auto revocation = node.find("revocation"))
    certificate.revocation = revocation->choice<verdict::Revocation>({{"good", verdict::Revocation::good},
                                                                      {"revoked", verdict::Revocation::revoked},
                                                                      {"unknown", verdict::Revocation::unknown}});
  certificate.commonNameOutsideConstraint = node.booleanOr("commonNameOutsideConstraint", false);
  return certificate;
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
