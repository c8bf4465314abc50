// Random tenancies, certificates, envelopes and assignments of the options, for tests that hold something against many
// of them. The same seed gives the same worlds everywhere.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"
#include "conformance/verdict/decide.h"
#include "runners/relayproof/sanitized.h"

namespace relayproof::worlds {

using namespace std::string_view_literals;

/// Everything random comes from a row of numbers, 0 the simplest: a smaller row is a smaller world.
class Draw {
 public:
  explicit Draw(const std::vector<std::uint8_t>& numbers) : numbers_(numbers) {}

  std::size_t below(std::size_t count) { return at_ < numbers_.size() ? numbers_[at_++] % count : 0; }
  bool oneIn(std::size_t count) { return below(count) == count - 1; }
  template <class List>
  auto of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  const std::vector<std::uint8_t>& numbers_;
  std::size_t at_ = 0;
};

// Few names, near to one another, so that most of them have something to do with most others.
inline constexpr std::array<std::string_view, 16> kDomains = {
    "a.test",         "mail.a.test", "b.test",      "x.mail.a.test", "c.x.mail.a.test",
    "mail.b.test",    "aa.test",     "A.test",      "a_b.a.test",    "xn--a.test",
    "-a.a.test",      "a.b.test",    "test.a.test", "mail.aa.test",  "xn--bcher-kva.a.test",
    "xn--fa-hia.test"};
inline constexpr std::array kPresented = {"mail.a.test"sv,
                                          "a.test"sv,
                                          "*.a.test"sv,
                                          "x.mail.a.test"sv,
                                          "*.mail.a.test"sv,
                                          "mail.b.test"sv,
                                          "*.b.test"sv,
                                          "b.test"sv,
                                          "MAIL.A.TEST"sv,
                                          "*.test"sv,
                                          "*"sv,
                                          "m*.a.test"sv,
                                          "mail.a.test."sv,
                                          "mail..a.test"sv,
                                          ".mail.a.test"sv,
                                          "mail.a.test\t"sv,
                                          "a_b.a.test"sv,
                                          "-a.a.test"sv,
                                          "*.*.a.test"sv,
                                          "mail.*.test"sv,
                                          "mail.a.1"sv,
                                          "xn--a.test"sv,
                                          "mailxa.test"sv,
                                          "mail.a.test\0.x"sv,
                                          "c.x.mail.a.test"sv,
                                          "xmail.a.test"sv,
                                          "mail.a.test.b"sv,
                                          "evila.test"sv,
                                          "*.x.mail.a.test"sv,
                                          "a.test.evil.b.test"sv,
                                          ""sv};
inline constexpr std::array<std::string_view, 4> kFreeText = {"Contoso Mail", "mail", "host a.test", ""};
// Of common names: U-labels, and what is near to them.
inline constexpr std::array kInternational = {"b\u00FCcher.a.test"sv,
                                              "B\u00FCcher.A.test"sv,
                                              "*.b\u00FCcher.a.test"sv,
                                              "mail.b\u00FCcher.a.test"sv,
                                              "fa\u00DF.test"sv,
                                              "*.fa\u00DF.test"sv,
                                              "B\u00DCCHER.a.test"sv,
                                              "bu\u0308cher.a.test"sv,
                                              "b\u00FCcher.a.test."sv,
                                              "b\u00FCcher.a_b.a.test"sv,
                                              "-b\u00FCcher.a.test"sv,
                                              "_b\u00FCcher.a.test"sv,
                                              "bc--\u00FC.a.test"sv,
                                              "xn--b\u00FCcher.a.test"sv,
                                              "*b\u00FCcher.a.test"sv,
                                              "b\u00FCcher..a.test"sv,
                                              "mail\u3002a.test"sv,
                                              "m\uFF41il.a.test"sv,
                                              "m\u0430il.a.test"sv,
                                              "l\u00B7l.a.test"sv,
                                              "a\u00B7b.a.test"sv,
                                              "a\u200Db.a.test"sv,
                                              "\u0915\u094D\u200D\u0937.a.test"sv,
                                              "a\u00ADb.a.test"sv,
                                              "\u2603.a.test"sv,
                                              "\u0301a.a.test"sv,
                                              "\u05D0\u05D1.a.test"sv,
                                              "\u05D0a.a.test"sv,
                                              "1\u05D0.a.test"sv,
                                              "\u0661\u06F1\u0627.a.test"sv,
                                              "\u30A2\u30FB\u30A2.a.test"sv,
                                              "a\u30FBb.a.test"sv,
                                              "\u0378.a.test"sv,
                                              "b\u00FC\0x.a.test"sv,
                                              "b\u00FC x.a.test"sv,
                                              "b\u00FCcher"sv,
                                              "a.b\u00FC1"sv,
                                              "\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC"
                                              "\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9"
                                              "\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC"
                                              "\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9"
                                              "aaaaaaaaaaaa.a.test"sv};
inline constexpr std::array<std::string_view, 5> kPurposes = {"clientAuth", "serverAuth", "any", "codeSigning",
                                                              "1.3.6.1.4.1.311.20.2.2"};
inline constexpr std::array<std::string_view, 4> kRevocations = {"", "good", "revoked", "unknown"};
inline constexpr std::array<std::string_view, 8> kAddresses = {
    "198.51.100.9", "192.0.2.5", "192.0.2.4", "192.0.2.127", "192.0.2.128", "192.0.2.255", "192.0.3.0", "192.0.1.255"};
inline constexpr std::array<std::string_view, 7> kRanges = {
    "192.0.2.5", "192.0.2.0/24", "192.0.2.0/25", "192.0.2.130/25", "192.0.2.4/30", "192.0.2.255/32", "192.0.2.6/31"};

// The first few more often than the rest: what meets nothing shows nothing.
inline std::string domainIn(Draw& draw) {
  return std::string(draw.oneIn(3) ? kDomains[draw.below(kDomains.size())] : kDomains[draw.below(3)]);
}

inline std::string_view presentedIn(Draw& draw) {
  constexpr std::size_t kWellFormed = 10;
  return kPresented[draw.below(draw.oneIn(2) ? kPresented.size() : kWellFormed)];
}

inline std::string patternIn(Draw& draw) { return (draw.oneIn(2) ? "*." : "") + domainIn(draw); }

inline Json connectorIn(Draw& draw, std::size_t number) {
  Json connector = {{"name", fmt::format("c{}", number)}};
  const bool partner = draw.oneIn(4);
  if (partner) connector["connectorType"] = "Partner";
  const std::size_t kind = draw.below(partner ? 4 : 2);
  if (kind == 0 || kind == 2) connector["tlsSenderCertificateName"] = patternIn(draw);
  if (kind == 1 || kind == 2)
    for (std::size_t left = 1 + draw.below(2); left > 0; --left)
      connector["senderIPAddresses"].push_back(draw.of(kRanges));
  if (draw.oneIn(8)) connector["enabled"] = false;
  if (partner && draw.oneIn(2)) connector["requireTls"] = true;
  if (partner && draw.oneIn(2)) connector["restrictDomainsToCertificate"] = true;
  if (partner && draw.oneIn(2)) connector["restrictDomainsToIPAddresses"] = true;
  if (partner && draw.oneIn(2)) connector["senderDomains"] = {patternIn(draw)};
  if (!partner && draw.oneIn(4)) connector["associatedAcceptedDomains"] = {domainIn(draw)};
  return connector;
}

inline Json tenancyIn(Draw& draw) {
  Json tenants = Json::array();
  std::set<std::string> taken;
  for (std::size_t count = 1 + draw.below(3), id = 0; id < count; ++id) {
    Json tenant = {{"id", fmt::format("t{}", id)}};
    for (std::size_t left = draw.below(4); left > 0; --left) {
      // What the loaders refuse is drawn too, but not often.
      const bool wrong = draw.oneIn(32);
      Json domain = {{"name", domainIn(draw)}};
      const bool internal = draw.oneIn(3);
      if (internal) domain["type"] = "InternalRelay";
      if ((internal || wrong) && draw.oneIn(2)) domain["matchSubDomains"] = true;
      if (taken.insert(domain["name"].get<std::string>()).second || wrong) tenant["acceptedDomains"].push_back(domain);
    }
    for (std::size_t count2 = draw.below(4), number = 0; number < count2; ++number)
      tenant["inboundConnectors"].push_back(connectorIn(draw, number));
    tenants.push_back(tenant);
  }
  return {{"tenants", tenants}};
}

inline std::string hostIn(Draw& draw, bool recipient) {
  if (recipient && !draw.oneIn(3)) return "elsewhere.example";
  return draw.oneIn(4) ? "elsewhere.example" : domainIn(draw);
}

inline std::string pathIn(Draw& draw, bool recipient) {
  const std::string domain = hostIn(draw, recipient);
  switch (draw.below(16)) {
    case 10:
      return recipient ? "postmaster" : "";
    case 11:
      return "\"x@b.test\"@" + domain;
    case 12:
      return "@b.test:x@" + domain;
    case 13:
      return "x%b.test@" + domain;
    case 14:
      return "b.test!x@" + domain;
    case 15:
      return "x@[192.0.2.5]";
    default:
      return (recipient ? "r@" : "s@") + domain;
  }
}

struct World {
  Json tenancy;
  verdict::Profile profile;  ///< one value an option
  bool tls = true;
  std::string address;
  bool certificate = false, verified = false, otherIdentifiers = false;
  std::vector<std::string> commonNames, dnsNames;
  // What a handshake finds out beside the names.
  bool subjectAltNameMalformed = false, commonNameOutsideConstraint = false;
  std::optional<std::vector<std::string>> extendedKeyUsage;  ///< what leaf and authorities share
  std::string revocation;                                    ///< good, revoked or unknown; empty: no CRL is named
  std::string from, header, to;
};

/// What makes a certificate uncommon, and most of it untrusted: so rarely, or little else would show.
inline void addFindings(World& world, Draw& draw) {
  if (draw.oneIn(2)) world.commonNames.emplace_back(draw.of(kInternational));
  if (draw.oneIn(3)) world.extendedKeyUsage.emplace();
  for (std::size_t left = world.extendedKeyUsage ? draw.below(3) : 0; left > 0; --left)
    world.extendedKeyUsage->emplace_back(draw.of(kPurposes));
  if (draw.oneIn(3)) world.revocation = draw.of(kRevocations);
  world.commonNameOutsideConstraint = !world.commonNames.empty() && draw.oneIn(4);
  world.subjectAltNameMalformed = draw.oneIn(6);
}

inline World worldIn(Draw draw) {
  World world;
  world.tenancy = tenancyIn(draw);
  world.certificate = !draw.oneIn(6);
  world.verified = !draw.oneIn(8);
  for (std::size_t left = draw.below(3); left > 0; --left) world.dnsNames.emplace_back(presentedIn(draw));
  for (std::size_t left = draw.below(4); left > 0; --left)
    world.commonNames.emplace_back(draw.oneIn(4) ? draw.of(kFreeText) : presentedIn(draw));
  world.otherIdentifiers = draw.oneIn(4);
  world.address = draw.of(kAddresses);
  world.tls = world.certificate || !draw.oneIn(2);
  world.from = pathIn(draw, false);
  world.to = pathIn(draw, true);
  world.header = draw.oneIn(2) ? "h@" + domainIn(draw) : "";
  world.profile.name = "random";
  for (std::size_t option = 0; option < verdict::kOptionCount; ++option)
    world.profile.allowed[option] =
        static_cast<std::uint8_t>(1U << draw.below(verdict::optionTable()[option].values.size()));
  if (draw.oneIn(3)) addFindings(world, draw);
  return world;
}

struct Answer {
  std::string verdict, tenant;
  std::set<std::string> basis;
  bool operator==(const Answer&) const = default;
};

inline std::string shown(const Answer& answer) {
  return fmt::format("{} {} {}", answer.verdict, answer.tenant, fmt::join(answer.basis, " "));
}

inline Answer ofTheCore(const World& world) {
  verdict::Assignment assignment;
  for (std::size_t option = 0; option < verdict::kOptionCount; ++option)
    assignment.value[option] = static_cast<std::uint8_t>(std::countr_zero(world.profile.allowed[option]));
  verdict::Peer peer;
  peer.address = *verdict::parseIpv4(world.address);
  peer.tls = world.tls;
  if (world.certificate) {
    verdict::ClientCertificate& facts = peer.certificate.emplace();
    facts.verified = world.verified;
    facts.otherSubjectIdentifiers = world.otherIdentifiers;
    for (const std::string& name : world.commonNames)
      facts.commonNames.push_back({certs::IdentifierKind::commonName, certs::StringType::utf8, name});
    for (const std::string& name : world.dnsNames)
      facts.dnsNames.push_back({certs::IdentifierKind::dnsId, certs::StringType::ia5, name});
    facts.subjectAltNameMalformed = world.subjectAltNameMalformed;
    if (world.commonNameOutsideConstraint)
      for (std::size_t i = 0; i < facts.commonNames.size(); ++i) facts.commonNamesOutsideConstraint.insert(i);
    if (world.extendedKeyUsage) facts.extendedKeyUsage = *world.extendedKeyUsage;
    if (world.revocation == "good") facts.revocation = verdict::Revocation::good;
    if (world.revocation == "revoked") facts.revocation = verdict::Revocation::revoked;
    if (world.revocation == "unknown") facts.revocation = verdict::Revocation::unknown;
  }
  const verdict::Decision decision = verdict::decide(verdict::readTenancy(Node(world.tenancy, {}, {})), assignment,
                                                     peer, {world.from, world.header, world.to});
  Answer answer{std::string(verdict::name(decision.verdict)), decision.tenant.value_or(""), {}};
  for (const verdict::Basis basis : decision.basis) answer.basis.emplace(verdict::name(basis));
  return answer;
}

/// The certificate of a question. What is as in most certificates is left out.
inline Json certificateOf(const World& world) {
  Json certificate = {{"verified", world.verified},
                      {"commonNames", world.commonNames},
                      {"dnsNames", world.dnsNames},
                      {"otherSubjectIdentifiers", world.otherIdentifiers}};
  if (world.subjectAltNameMalformed) certificate["subjectAltNameMalformed"] = true;
  if (world.extendedKeyUsage) certificate["extendedKeyUsage"] = *world.extendedKeyUsage;
  if (!world.revocation.empty()) certificate["revocation"] = world.revocation;
  if (world.commonNameOutsideConstraint) certificate["commonNameOutsideConstraint"] = true;
  return certificate;
}

/// As `relayproof verdict --tenancy FILE --profile FILE` is asked.
inline std::string question(const World& world) {
  Json options = Json::object();
  for (std::size_t option = 0; option < verdict::kOptionCount; ++option) {
    const verdict::OptionInfo& info = verdict::optionTable()[option];
    options[std::string(info.name)] = {
        info.values[static_cast<std::size_t>(std::countr_zero(world.profile.allowed[option]))]};
  }
  Json asked = {
      {"clientIp", world.address}, {"mailFrom", world.from}, {"headerFrom", world.header}, {"rcptTo", {world.to}}};
  if (world.certificate) asked["certificate"] = certificateOf(world);
  const Json profile = {{"schema", "relayproof.profile/1"}, {"name", "random"}, {"options", options}};
  return fmt::format("tenancy: {}\nprofile: {}\nquestion: {}{}", world.tenancy.dump(), profile.dump(), asked.dump(),
                     world.tls ? "" : " (in the clear)");
}

class Worlds {
 public:
  explicit Worlds(unsigned seed) : random_(seed) {}
  std::vector<std::uint8_t> next() {
    constexpr std::size_t kNumbers = 192;
    std::vector<std::uint8_t> numbers(kNumbers);
    for (std::uint8_t& number : numbers) number = static_cast<std::uint8_t>(random_() & 0xFF);
    return numbers;
  }

 private:
  std::mt19937 random_;
};

}  // namespace relayproof::worlds
