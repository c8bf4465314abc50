#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "conformance/verdict/reasoning.h"
#include "conformance/verdict/registration.h"

namespace relayproof::verdict {
namespace {

// A certificate may hold thousands of names; a line for people shows so many of them.
constexpr std::size_t kShown = 12;

std::string listed(std::vector<std::string> parts) {
  const std::size_t hidden = parts.size() - std::min(parts.size(), kShown);
  parts.resize(parts.size() - hidden);
  if (hidden > 0) parts.push_back(fmt::format("{} more", hidden));
  return fmt::format("{}", fmt::join(parts, ", "));
}

template <class Range, class Text>
std::string braced(const Range& range, Text&& text) {
  std::vector<std::string> parts;
  for (const auto& each : range) {
    std::string part = text(each);
    if (!part.empty()) parts.push_back(std::move(part));
  }
  return fmt::format("{{{}}}", listed(std::move(parts)));
}

std::string nameOf(const certs::PresentedIdentifier& presented) {
  return fmt::format("{} {}", presented.kind == certs::IdentifierKind::commonName ? "CN" : "DNS-ID",
                     certs::escaped(presented.octets));
}

std::string identifiers(const Identity& identity) {
  switch (identity.standing) {
    case Identity::Standing::noCertificate:
      return "no certificate";
    case Identity::Standing::refused:
      return fmt::format("certificate {}, untrustedCertificate=refuseTls", identity.doubt);
    case Identity::Standing::treatedAsNone:
      return fmt::format("certificate {}, treated as none", identity.doubt);
    case Identity::Standing::trusted:
      break;
  }
  std::string text = "ids=" + braced(identity.presented, [](const Identifier& identifier) {
                       return identifier.counts() ? nameOf(*identifier.presented) : std::string();
                     });
  const std::string removed = braced(identity.presented, [](const Identifier& identifier) {
    if (identifier.counts()) return std::string();
    return fmt::format("{}: {}", nameOf(*identifier.presented),
                       identifier.leftOutBy.empty() ? identifier.reading.fault : identifier.leftOutBy);
  });
  return removed == "{}" ? text : text + " less " + removed;
}

std::string connectorOf(const Tenant& tenant, const InboundConnector& connector) {
  return tenant.id + "/" + connector.name;
}

std::string word(Cover level) {
  switch (level) {
    case Cover::none:
      return "no";
    case Cover::below:
      return "below a domain with matchSubDomains";
    case Cover::listed:
      break;
  }
  return "yes";
}

// The names that registration may hang on: of each pair the pattern's domain, the presented name and its parent.
std::string registrations(const std::vector<Claim>& claims) {
  std::vector<std::string> parts;
  std::set<std::string> known;
  const auto add = [&](const Claim& claim, const PresentedName& name) {
    std::string part = fmt::format("{} {}", name.text(), word(cover(*claim.tenant, name)));
    if (known.insert(part).second) parts.push_back(std::move(part));
  };
  for (const Claim& claim : claims) {
    for (const Pair& pair : claim.matched) {
      add(claim, {pair.connector->tlsSenderCertificateName->name, false});
      if (!pair.name->wildcard) add(claim, *pair.name);
      if (const auto parent = pair.name->parent()) add(claim, {*parent, false});
    }
  }
  return parts.empty() ? std::string() : fmt::format(" registered: {}", listed(parts));
}

std::string verdictOf(const Decision& decision) {
  return decision.tenant ? fmt::format("{} {}", name(decision.verdict), *decision.tenant)
                         : std::string(name(decision.verdict));
}

std::string relayLine(const Reasoning& reasoning) {
  const auto pairs = [](const Claim& claim) {
    std::vector<std::string> parts;
    for (const Pair& pair : claim.matched)
      parts.push_back(fmt::format("{} via {}", connectorOf(*claim.tenant, *pair.connector), pair.name->text()));
    return listed(std::move(parts));
  };
  const auto addresses = [](const Claim& claim) {
    std::vector<std::string> parts;
    for (const InboundConnector* connector : claim.addressed) parts.push_back(connectorOf(*claim.tenant, *connector));
    return listed(std::move(parts));
  };
  const auto members = [&](std::optional<Specificity> Claim::* in) {
    return braced(reasoning.claims, [&](const Claim& claim) { return claim.*in ? claim.tenant->id : std::string(); });
  };
  std::string line = fmt::format("{} M={} A={}{} → 3b={} 3a={}", identifiers(reasoning.identity),
                                 braced(reasoning.claims, pairs), braced(reasoning.claims, addresses),
                                 registrations(reasoning.claims), members(&Claim::in3b), members(&Claim::in3a));
  if (const std::string added = members(&Claim::in3b2023); added != "{}") line += " 3b-2023=" + added;
  if (!reasoning.conflict.empty()) line += fmt::format(" → {}", reasoning.conflict);
  return line;
}

}  // namespace

std::string derivation(const Reasoning& reasoning) {
  std::string line;
  if (reasoning.identity.standing == Identity::Standing::refused) {
    line = identifiers(reasoning.identity);
  } else if (reasoning.owner != nullptr) {
    line = fmt::format("the recipient's domain is accepted by {}", reasoning.owner->id);
    if (!reasoning.partners.applying.empty())
      line += fmt::format(
          "; {}; Partner={} {}", identifiers(reasoning.identity),
          braced(reasoning.partners.applying,
                 [&](const InboundConnector* connector) { return connectorOf(*reasoning.owner, *connector); }),
          reasoning.partners.satisfied ? "satisfied" : "not satisfied");
  } else if (reasoning.decision.verdict == Verdict::deliver) {
    line = "the recipient is Postmaster without a domain";
  } else {
    line = relayLine(reasoning);
  }
  return fmt::format("{} → {}", line, verdictOf(reasoning.decision));
}

}  // namespace relayproof::verdict
