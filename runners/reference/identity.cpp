#include "runners/reference/identity.h"

#include <algorithm>
#include <optional>

#include "runners/reference/u_labels.h"

namespace relayproof::reference {
namespace {

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Free text such as "Contoso Mail": no identifier, and no fault either.
bool isFreeText(std::string_view text) {
  const bool unlikeName = text.find(' ') != std::string_view::npos || text.find('.') == std::string_view::npos;
  return unlikeName && std::ranges::none_of(text, isControl);
}

Presented present(Kind kind, std::string_view octets, const Behaviour& behaviour) {
  Presented made{kind, std::string(octets), {}};
  if (behaviour.trailingDot == TrailingDot::strip && octets.ends_with('.')) octets.remove_suffix(1);
  if (isPresentedName(octets, behaviour.nameSyntax)) made.name = foldCase(octets);
  return made;
}

// Nothing for free text; malformed for what does not decode.
std::optional<Presented> presentCommonName(const std::optional<std::string>& text, const Behaviour& behaviour) {
  if (!text) return Presented{Kind::commonName, {}, {}};
  if (isFreeText(*text)) return std::nullopt;
  Presented made = present(Kind::commonName, *text, behaviour);
  if (made.isMalformed() && behaviour.uLabelInCommonName == ULabelInCommonName::toALabel)
    if (const auto ascii = withALabels(*text)) made.name = present(Kind::commonName, *ascii, behaviour).name;
  return made;
}

bool commonNamesCount(const CertificateNames& names, CommonName option) {
  switch (option) {
    case CommonName::always:
      return true;
    case CommonName::whenNoDnsId:
      return names.dnsNames.empty();
    case CommonName::whenNoSubjectIdentifier:
      return names.dnsNames.empty() && !names.otherSubjectIdentifiers;
    case CommonName::never:
      return false;
  }
  return false;
}

bool isChosen(std::size_t index, std::size_t count, MultipleCommonNames option) {
  switch (option) {
    case MultipleCommonNames::all:
      return true;
    case MultipleCommonNames::first:
      return index == 0;
    case MultipleCommonNames::last:
      return index + 1 == count;
    case MultipleCommonNames::none:
      return count == 1;
  }
  return false;
}

bool wildcardReaches(std::string_view wildcard, std::string_view exact, PresentedWildcardOnExactPattern option) {
  const std::string_view domain = wildcard.substr(2);
  if (parentOf(exact) != domain) return false;
  switch (option) {
    case PresentedWildcardOnExactPattern::never:
      return false;
    case PresentedWildcardOnExactPattern::underTwoLabels:
      return labelCount(domain) >= 2;
    case PresentedWildcardOnExactPattern::always:
      return true;
  }
  return false;
}

}  // namespace

Identity identify(const CertificateNames& names, const Behaviour& behaviour) {
  Identity identity;
  bool malformed = names.subjectAltNameMalformed;
  const bool counted = commonNamesCount(names, behaviour.commonName);
  for (std::size_t i = 0; i < names.commonNames.size(); ++i) {
    std::optional<Presented> id = presentCommonName(names.commonNames[i], behaviour);
    if (!id) continue;
    malformed = malformed || id->isMalformed();
    if (counted && isChosen(i, names.commonNames.size(), behaviour.multipleCommonNames))
      identity.ids.push_back(*std::move(id));
  }
  for (const std::string& octets : names.dnsNames) {
    identity.ids.push_back(present(Kind::dnsId, octets, behaviour));
    malformed = malformed || identity.ids.back().isMalformed();
  }
  if (malformed && behaviour.malformedSibling == MalformedSibling::rejectCertificate) return {{}, true};
  return identity;
}

std::vector<Presented> constrainedCommonNames(const CertificateNames& names, const Behaviour& behaviour) {
  std::vector<Presented> ids = identify(names, behaviour).ids;
  std::erase_if(ids, [](const Presented& id) { return id.isMalformed(); });
  if (!ids.empty()) {
    std::erase_if(ids, [](const Presented& id) { return id.kind != Kind::commonName; });
    return ids;
  }
  for (const std::optional<std::string>& text : names.commonNames)
    if (std::optional<Presented> id = presentCommonName(text, behaviour)) ids.push_back(*std::move(id));
  return ids;
}

bool matches(const Behaviour& behaviour, const Pattern& pattern, const Presented& presented) {
  if (presented.isMalformed()) return false;
  const std::string& name = presented.name;
  if (!pattern.wildcard)
    return name == pattern.domain ||
           (isWildcard(name) && wildcardReaches(name, pattern.domain, behaviour.presentedWildcardOnExactPattern));
  if (name == pattern.domain) return behaviour.patternApex == PatternApex::yes;
  return isBelow(name, pattern.domain) &&
         (behaviour.patternDepth == PatternDepth::any || parentOf(name) == pattern.domain);
}

}  // namespace relayproof::reference
