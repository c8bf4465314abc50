// Two books against each other: random tenancies, certificates and envelopes through the core and through the reference
// relay's own decider, under random assignments of the options. What differs is made small and printed as a question.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "conformance/verdict/decide.h"
#include "runners/reference/decide.h"
#include "runners/reference/faults.h"
#include "runners/relayproof/embedded.h"

namespace relayproof {
namespace {

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
constexpr std::array<std::string_view, 14> kDomains = {
    "a.test", "mail.a.test", "b.test",     "x.mail.a.test", "c.x.mail.a.test", "mail.b.test", "aa.test",
    "A.test", "a_b.a.test",  "xn--a.test", "-a.a.test",     "a.b.test",        "test.a.test", "mail.aa.test"};
using namespace std::string_view_literals;
constexpr std::array kPresented = {"mail.a.test"sv,
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
constexpr std::array<std::string_view, 4> kFreeText = {"Contoso Mail", "mail", "host a.test", ""};
constexpr std::array<std::string_view, 8> kAddresses = {"198.51.100.9", "192.0.2.5",   "192.0.2.4", "192.0.2.127",
                                                        "192.0.2.128",  "192.0.2.255", "192.0.3.0", "192.0.1.255"};
constexpr std::array<std::string_view, 7> kRanges = {"192.0.2.5",    "192.0.2.0/24",   "192.0.2.0/25", "192.0.2.130/25",
                                                     "192.0.2.4/30", "192.0.2.255/32", "192.0.2.6/31"};

// The first few more often than the rest: what meets nothing shows nothing.
std::string domainIn(Draw& draw) {
  return std::string(draw.oneIn(3) ? kDomains[draw.below(kDomains.size())] : kDomains[draw.below(3)]);
}

std::string patternIn(Draw& draw) { return (draw.oneIn(2) ? "*." : "") + domainIn(draw); }

Json connectorIn(Draw& draw, std::size_t number) {
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

Json tenancyIn(Draw& draw) {
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

std::string pathIn(Draw& draw, bool recipient) {
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

World worldIn(Draw draw) {
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

std::string shown(const Answer& answer) {
  return fmt::format("{} {} {}", answer.verdict, answer.tenant, fmt::join(answer.basis, " "));
}

Answer ofTheCore(const World& world) {
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

Answer ofTheRelay(const World& world, const reference::Tenancy& tenancy, const reference::Steps& steps) {
  const reference::Behaviour behaviour = behaviourUnder(world.profile);
  reference::Peer peer;
  peer.address = *verdict::parseIpv4(world.address);
  peer.tls = world.tls;
  bool trusted = world.certificate && world.verified;
  if (trusted) {
    reference::CertificateNames names;
    names.commonNames.assign(world.commonNames.begin(), world.commonNames.end());
    names.dnsNames = world.dnsNames;
    names.otherSubjectIdentifiers = world.otherIdentifiers;
    peer.identity = reference::identify(names, behaviour);
    trusted = !peer.identity.rejected;
  }
  if (world.certificate && !trusted && !world.profile.allows(verdict::Option::untrustedCertificate, "treatAsNone"))
    return {"refuse-tls", "", {}};
  const auto pathOf = [](const std::string& text, reference::PathOf of) {
    return std::get<reference::PathAndArguments>(reference::parsePath("<" + text + ">", of)).path;
  };
  reference::Envelope envelope{pathOf(world.from, reference::PathOf::sender), {}, {}};
  if (!world.header.empty())
    envelope.headerDomain = reference::foldCase(world.header.substr(world.header.find('@') + 1));
  const reference::Decision decision =
      reference::decide(tenancy, behaviour, peer, envelope, pathOf(world.to, reference::PathOf::recipient), steps);
  constexpr std::array<std::string_view, 3> kWords = {"deliver", "relay", "deny"};
  return {std::string(kWords[static_cast<std::size_t>(decision.verdict)]),
          decision.tenant,
          {decision.basis.begin(), decision.basis.end()}};
}

/// Empty where both books agree, loaders included.
std::string difference(const World& world, const reference::Steps& steps = reference::rightSteps) {
  const auto loaded = reference::loadTenancy(world.tenancy.dump(), "");
  const auto* problem = std::get_if<reference::Problem>(&loaded);
  std::string refusal;
  try {
    verdict::readTenancy(Node(world.tenancy, "tenancy", {}));
  } catch (const Error& error) {
    refusal = error.text();
  }
  if ((problem != nullptr) != !refusal.empty())
    return fmt::format("one loader refuses: core \"{}\", relay \"{}\"", refusal, problem ? problem->text : "");
  if (problem != nullptr) return {};
  const Answer core = ofTheCore(world);
  const Answer relay = ofTheRelay(world, std::get<reference::Tenancy>(loaded), steps);
  return core == relay ? "" : fmt::format("core: {}; relay: {}", shown(core), shown(relay));
}

/// As `relayproof verdict --tenancy FILE --profile FILE` is asked.
std::string question(const World& world) {
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

/// The smallest row of numbers found whose world still differs: numbers go, or come down to 0.
std::vector<std::uint8_t> shrunk(std::vector<std::uint8_t> numbers) {
  const auto differs = [](const std::vector<std::uint8_t>& row) { return !difference(worldIn(Draw(row))).empty(); };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t at = numbers.size(); at-- > 0;) {
      auto without = numbers;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(at));
      if (differs(without)) {
        numbers = without;
        smaller = true;
        continue;
      }
      for (const std::uint8_t value : {std::uint8_t{0}, static_cast<std::uint8_t>(numbers[at] / 2)}) {
        auto lower = numbers;
        lower[at] = value;
        if (value < numbers[at] && differs(lower)) {
          numbers = lower;
          smaller = true;
          break;
        }
      }
    }
  }
  return numbers;
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

constexpr int kWorlds = 25'000;

class Differential : public testing::TestWithParam<unsigned> {};

// 200,000 worlds in all, under fixed seeds.
TEST_P(Differential, CoreAndReferenceRelayAgree) {
  Worlds worlds(GetParam());
  for (int i = 0; i < kWorlds; ++i) {
    const std::vector<std::uint8_t> numbers = worlds.next();
    if (difference(worldIn(Draw(numbers))).empty()) continue;
    const World small = worldIn(Draw(shrunk(numbers)));
    FAIL() << difference(small) << "\n" << question(small);
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, Differential, testing::Range(1U, 9U));

bool isRight(const reference::Steps& steps) {
  const reference::Steps& right = reference::rightSteps;
  return steps.matches == right.matches && steps.grants == right.grants && steps.holds == right.holds &&
         steps.registered == right.registered && steps.covers == right.covers && steps.sendsFor == right.sendsFor;
}

// The worlds are rich enough: what is planted in the decider of one book shows.
TEST(DifferentialTest, EveryFaultOfTheDeciderShows) {
  int planted = 0;
  for (const reference::KnownBug& bug : reference::knownBugs()) {
    reference::Conduct conduct;
    bug.put(conduct);
    if (isRight(conduct.steps)) continue;
    ++planted;
    Worlds worlds(1);
    int needed = 0;
    while (needed < kWorlds && difference(worldIn(Draw(worlds.next())), conduct.steps).empty()) ++needed;
    EXPECT_LT(needed, kWorlds) << bug.name;
  }
  EXPECT_GE(planted, 20);
}

}  // namespace
}  // namespace relayproof
