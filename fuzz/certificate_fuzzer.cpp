// A certificate all the way: a blueprint, its octets as certs/ mints them, the names that are read from them, and what
// both books make of those.
#include <cstdio>

#include "certs/mint.h"
#include "certs/string_type.h"
#include "fuzz/certificate_input.h"
#include "fuzz/data.h"
#include "fuzz/entry.h"
#include "fuzz/judge.h"
#include "runners/reference/identity.h"

namespace {

using namespace relayproof;
using namespace relayproof::fuzz;

std::string hexOf(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto octet = static_cast<unsigned char>(c);
    text += {kDigits[octet >> 4], kDigits[octet & 0xFU]};
  }
  return text;
}

// A blueprint, what came of it, and the pattern it is asked about.
struct Minted {
  const Json& blueprint;
  const std::string& leaf;
  const std::string& pattern;
};

[[noreturn]] void reportMinted(const std::string& what, const Minted& minted) {
  std::fprintf(stderr, "%s\n", minted.blueprint.dump().c_str());
  report({minted.pattern, {}, {}, minted.leaf}, what.c_str());
}

// The text of a common name, nothing where it does not decode.
std::optional<std::string> utf8Of(const certs::PresentedIdentifier& name) {
  const auto points = certs::decodeString(name.type, name.octets);
  return points ? certs::encodeString(certs::StringType::utf8, *points) : std::nullopt;
}

void holdBooks(const certs::SubjectIdentifiers& names, const Minted& minted) {
  static const verdict::Profile notice = profileNamed("exo-2017");
  const auto pattern = verdict::DomainPattern::parse(minted.pattern).pattern;
  const auto theirPattern = reference::parsePattern(minted.pattern);
  if (!pattern || !theirPattern) return;
  const auto answer = verdict::matchCertificate(*pattern, factsOf(names), notice).answer;
  reference::CertificateNames theirs;
  for (const auto& name : names.commonNames) theirs.commonNames.push_back(utf8Of(name));
  for (const auto& name : names.dnsIds) theirs.dnsNames.push_back(name.octets);
  theirs.otherSubjectIdentifiers = names.otherSubjectIdentifiers;
  const reference::Behaviour behaviour;
  bool match = false;
  for (const reference::Presented& id : reference::identify(theirs, behaviour).ids)
    match = match || reference::matches(behaviour, *theirPattern, id);
  if (answer.match && *answer.match != match)
    reportMinted("the core says otherwise than the reference relay (" + answer.why + ")", minted);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const certs::Mint mint = authoritiesMint();
  const auto input = CertificateInput::from({reinterpret_cast<const char*>(data), size});
  if (!input) return -1;
  Json blueprint = {{"cn", Json::array()}, {"san", Json::array()}};
  certs::SubjectIdentifiers asked;
  for (const Identifying& one : identifyingRecords(*input)) {
    const Json text = {{std::string(certs::nameOf(one.type)), {{"hex", hexOf(one.octets)}}}};
    if (one.isCommonName) {
      blueprint["cn"].push_back(text);
      asked.commonNames.push_back({certs::IdentifierKind::commonName, one.type, one.octets});
    } else {
      blueprint["san"].push_back({{one.isDnsId ? "dns" : "uri", text}});
      if (one.isDnsId) asked.dnsIds.push_back({certs::IdentifierKind::dnsId, certs::StringType::ia5, one.octets});
      asked.otherSubjectIdentifiers = asked.otherSubjectIdentifiers || !one.isDnsId;
    }
  }
  const certs::Fixture fixture = mint.issue("fuzz", Node(blueprint, "blueprint", {}));
  const Minted minted{blueprint, fixture.leaf, input->pattern};
  const auto names = certs::subjectIdentifiers(fixture.leaf);
  if (!names) reportMinted("what was minted cannot be read: " + names.error().text(), minted);
  if (names->commonNames != asked.commonNames || names->dnsIds != asked.dnsIds ||
      names->otherSubjectIdentifiers != asked.otherSubjectIdentifiers || names->subjectAltNameMalformed)
    reportMinted("what was minted is read as something else", minted);
  holdBooks(*names, minted);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  return mutated<CertificateInput>(data, size, most, seed);
}
