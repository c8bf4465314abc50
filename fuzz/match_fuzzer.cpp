// Holds the core's answer for one name against the reference relay's, which is written by other hands, and against a
// matcher of your own where one is linked (relay_matcher.h). A difference prints the `relayproof match` line that shows
// it.
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "conformance/verdict/decide.h"
#include "fuzz/match_input.h"
#include "fuzz/relay_matcher.h"
#include "runners/reference/identity.h"

extern "C" __attribute__((weak)) int relay_match_name(int kind, const uint8_t* name, size_t name_size,
                                                      const uint8_t* pattern, size_t pattern_size);

namespace relayproof::fuzz {
namespace {

// What the documents leave open is open here too: the profile of the notice.
const verdict::Profile& profile() {
  static const verdict::Profile notice = verdict::loadShippedProfiles(RELAYPROOF_CORPUS "/profiles").value().front();
  return notice;
}

[[noreturn]] void report(const MatchInput& input, const verdict::MatchAnswer& ours, const char* whose, bool theirs) {
  nlohmann::ordered_json line = {{"id", "find"}, {"pattern", input.pattern}};
  std::string presented;
  for (const char c : input.name) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80 || input.kind == certs::IdentifierKind::commonName)
      presented += c;
    else
      presented += {static_cast<char>(0xc0 | octet >> 6), static_cast<char>(0x80 | (octet & 0x3f))};
  }
  line["presented"] = presented;
  line["kind"] = input.kind == certs::IdentifierKind::dnsId ? "DNS-ID" : "CN";
  std::fprintf(stderr, "%s says %s, the core says %s (%s):\n%s\n", whose, theirs ? "match" : "no match",
               *ours.match ? "match" : "no match", ours.why.c_str(),
               line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace).c_str());
  std::abort();
}

bool referenceMatches(const MatchInput& input) {
  const auto pattern = reference::parsePattern(input.pattern);
  if (!pattern) return false;
  reference::CertificateNames names;
  if (input.kind == certs::IdentifierKind::dnsId)
    names.dnsNames = {input.name};
  else
    names.commonNames = {input.name};
  const reference::Behaviour behaviour;
  for (const reference::Presented& presented : reference::identify(names, behaviour).ids)
    if (reference::matches(behaviour, *pattern, presented)) return true;
  return false;
}

const uint8_t* octets(const std::string& text) { return reinterpret_cast<const uint8_t*>(text.data()); }

}  // namespace

void matchOne(std::string_view data) {
  const auto input = matchInputFrom(data);
  if (!input) return;
  const auto pattern = verdict::DomainPattern::parse(input->pattern).pattern;
  const auto theirs = reference::parsePattern(input->pattern);
  if (pattern.has_value() != theirs.has_value()) {
    std::fprintf(stderr, "the core and the reference relay differ on whether this is a pattern\n");
    std::abort();
  }
  if (!pattern) return;
  const bool cn = input->kind == certs::IdentifierKind::commonName;
  const auto type = cn ? certs::StringType::utf8 : certs::StringType::ia5;
  if (cn && !certs::decodeString(type, input->name)) return;  // no certificate that OpenSSL reads holds it
  const verdict::MatchAnswer answer = verdict::matchName(*pattern, {input->kind, type, input->name}, profile());
  if (!answer.match) return;
  if (const bool reference = referenceMatches(*input); reference != *answer.match)
    report(*input, answer, "the reference relay", reference);
  if (relay_match_name) {
    const int vendor = relay_match_name(cn ? RELAY_CN : RELAY_DNS_ID, octets(input->name), input->name.size(),
                                        octets(input->pattern), input->pattern.size());
    if (vendor != RELAY_DECLINES && (vendor == RELAY_MATCH) != *answer.match)
      report(*input, answer, "your matcher", vendor == RELAY_MATCH);
  }
}

}  // namespace relayproof::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  relayproof::fuzz::matchOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
