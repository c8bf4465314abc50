// Random tenancies, certificates, envelopes and assignments of the options, for tests that hold something against many
// of them. The same seed gives the same worlds everywhere.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certs/document.h"
#include "conformance/verdict/decide.h"

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
inline constexpr std::array<std::string_view, 14> kDomains = {
    "a.test", "mail.a.test", "b.test",     "x.mail.a.test", "c.x.mail.a.test", "mail.b.test", "aa.test",
    "A.test", "a_b.a.test",  "xn--a.test", "-a.a.test",     "a.b.test",        "test.a.test", "mail.aa.test"};
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
inline constexpr std::array<std::string_view, 8> kAddresses = {
    "198.51.100.9", "192.0.2.5", "192.0.2.4", "192.0.2.127", "192.0.2.128", "192.0.2.255", "192.0.3.0", "192.0.1.255"};
inline constexpr std::array<std::string_view, 7> kRanges = {
    "192.0.2.5", "192.0.2.0/24", "192.0.2.0/25", "192.0.2.130/25", "192.0.2.4/30", "192.0.2.255/32", "192.0.2.6/31"};

// The first few more often than the rest: what meets nothing shows nothing.
inline std::string domainIn(Draw& draw) {
  return std::string(draw.oneIn(3) ? kDomains[draw.below(kDomains.size())] : kDomains[draw.below(3)]);
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
  for (std::size_t count = 1 + draw.below(3), id = 0; id < count; ++id) {
    Json tenant = {{"id", fmt::format("t{}", id)}};
    for (std::size_t left = draw.below(3); left > 0; --left) {
      Json domain = {{"name", domainIn(draw)}};
      if (draw.oneIn(3)) domain["type"] = "InternalRelay";
      if (draw.oneIn(4)) domain["matchSubDomains"] = true;
      tenant["acceptedDomains"].push_back(domain);
    }
    for (std::size_t count2 = draw.below(4), number = 0; number < count2; ++number)
      tenant["inboundConnectors"].push_back(connectorIn(draw, number));
    tenants.push_back(tenant);
  }
  return {{"tenants", tenants}};
}

inline std::string pathIn(Draw& draw, bool recipient) {
  const std::string domain(domainIn(draw));
  switch (draw.below(12)) {
    case 6:
      return recipient ? "postmaster" : "";
    case 7:
      return "\"x@b.test\"@" + domain;
    case 8:
      return "@b.test:x@" + domain;
    case 9:
      return "x%b.test@" + domain;
    case 10:
      return "b.test!x@" + domain;
    case 11:
      return "x@[192.0.2.5]";
    default:
      return (recipient ? "r@" : "s@") +
             (draw.oneIn(2) ? domain : std::string(draw.oneIn(2) ? "b.test" : "elsewhere.example"));
  }
}

struct World {
  Json tenancy;
  verdict::Profile profile;  ///< one value an option
  bool tls = true;
  std::string address;
  bool certificate = false, verified = false, otherIdentifiers = false;
  std::vector<std::string> commonNames, dnsNames;
  std::string from, header, to;
};

inline World worldIn(Draw draw) {
  World world;
  world.tenancy = tenancyIn(draw);
  world.certificate = !draw.oneIn(6);
  world.verified = !draw.oneIn(8);
  for (std::size_t left = draw.below(3); left > 0; --left) world.dnsNames.emplace_back(draw.of(kPresented));
  for (std::size_t left = draw.below(4); left > 0; --left)
    world.commonNames.emplace_back(draw.oneIn(4) ? draw.of(kFreeText) : draw.of(kPresented));
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
  // What the decider of the relay does not see: its handshake does that.
  world.profile.allowed[static_cast<std::size_t>(verdict::Option::uLabelInCommonName)] = 1;
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
  }
  const verdict::Decision decision = verdict::decide(verdict::readTenancy(Node(world.tenancy, {}, {})), assignment,
                                                     peer, {world.from, world.header, world.to});
  Answer answer{std::string(verdict::name(decision.verdict)), decision.tenant.value_or(""), {}};
  for (const verdict::Basis basis : decision.basis) answer.basis.emplace(verdict::name(basis));
  return answer;
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
  if (world.certificate)
    asked["certificate"] = {{"verified", world.verified},
                            {"commonNames", world.commonNames},
                            {"dnsNames", world.dnsNames},
                            {"otherSubjectIdentifiers", world.otherIdentifiers}};
  const Json profile = {{"schema", "relayproof.profile/1"}, {"name", "random"}, {"options", options}};
  return fmt::format("tenancy: {}\nprofile: {}\nquestion: {}{}", world.tenancy.dump(), profile.dump(), asked.dump(),
                     world.tls ? "" : " (in the clear)");
}

class Worlds {
 public:
  explicit Worlds(unsigned seed) : random_(seed) {}
  std::vector<std::uint8_t> next() {
    constexpr std::size_t kNumbers = 160;
    std::vector<std::uint8_t> numbers(kNumbers);
    for (std::uint8_t& number : numbers) number = static_cast<std::uint8_t>(random_() & 0xFF);
    return numbers;
  }

 private:
  std::mt19937 random_;
};

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kSanitized = true;  // several times as slow, and memory faults show early
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace relayproof::worlds
