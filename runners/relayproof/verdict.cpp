#include <ctime>
#include <optional>
#include <string_view>

#include "conformance/verdict/decide.h"
#include "conformance/verdict/tenancy.h"
#include "runners/relayproof/command.h"
#include "runners/relayproof/oracle.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

/// A time zone as RFC 3339 writes it, in minutes; nullopt: it is none.
std::optional<int> zoneOf(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100; };
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digit(1) * 10 + digit(2), minutes = digit(4) * 10 + digit(5);
  if (hours > 23 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::int64_t timeOf(const Node& node) {
  std::tm parts{};
  const std::string text = node.string();
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end && *end == '.')
    for (++end; *end >= '0' && *end <= '9';) ++end;
  const std::optional<int> zone = end ? zoneOf(end) : std::nullopt;
  const int day = parts.tm_mday;
  const std::int64_t there = timegm(&parts);
  // timegm() carries a day that the month does not have over into the next.
  if (!zone || parts.tm_mday != day) node.fail("is no RFC 3339 time", "for example 2026-01-31T12:00:00Z");
  return there - std::int64_t{60} * *zone;
}

Json answer(const Node& question, const verdict::Tenancy& tenancy, certs::ChainVerifier& verifier,
            const verdict::Profile& profile) {
  question.allowOnly({"id", "clientIp", "at", "certificate", "mailFrom", "headerFrom", "rcptTo"});
  verdict::Peer peer;
  const Node ip = question.at("clientIp");
  const auto address = verdict::parseIpv4(ip.string());
  if (!address) ip.fail("is no IPv4 address");
  peer.address = *address;
  const auto said = question.find("at");
  const std::int64_t at = said ? timeOf(*said) : static_cast<std::int64_t>(now());
  if (const auto certificate = question.find("certificate"))
    peer.certificate = readCertificate(*certificate, verifier, at);
  verdict::Envelope envelope;
  envelope.reversePath = question.at("mailFrom").string();
  envelope.headerFrom = question.stringOr("headerFrom", envelope.reversePath);

  Json recipients = Json::array();
  for (const Node& recipient : question.at("rcptTo").array()) {
    envelope.recipient = recipient.string();
    verdict::Acceptable acceptable = verdict::acceptable(tenancy, profile, peer, envelope);
    Json one = Json::object();
    one["address"] = envelope.recipient;
    std::set<verdict::Verdict> verdicts;
    Json answers = Json::array();
    for (const verdict::Decision& decision : acceptable.answers) {
      verdicts.insert(decision.verdict);
      // Member by member: an initializer list would copy all that is in it.
      Json& answer = answers.emplace_back(Json::object());
      answer["verdict"] = verdict::name(decision.verdict);
      answer["tenant"] = decision.tenant ? Json(*decision.tenant) : Json(nullptr);
      Json& basis = answer["basis"] = Json::array();
      for (const verdict::Basis b : decision.basis) basis.push_back(verdict::name(b));
    }
    one["verdict"] = verdicts.size() == 1 ? Json(verdict::name(*verdicts.begin())) : Json(nullptr);
    one["acceptable"] = std::move(answers);
    one["hangsOn"] = Json::array();
    for (const verdict::Option option : acceptable.hangsOn)
      one["hangsOn"].push_back(verdict::optionTable()[static_cast<std::size_t>(option)].name);
    one["why"] = std::move(acceptable.derivation);
    recipients.push_back(std::move(one));
  }
  Json reply = Json::object();
  reply["recipients"] = std::move(recipients);
  return reply;
}

int answerVerdicts(const Arguments& arguments) {
  const verdict::Profile profile =
      orThrow(verdict::findProfile(arguments.get("profile", "exo-2017"), shippedProfiles()));
  verdict::Tenancy tenancy;
  if (arguments.has("tenancy")) {
    tenancy = orThrow(verdict::loadTenancy(arguments.get("tenancy")));
  } else {
    const catalogue::Catalogue catalogue = loadCatalogue(arguments);
    std::vector<const catalogue::Case*> all;
    for (const catalogue::Case& one : catalogue.cases) all.push_back(&one);
    const Json plan = planOf(catalogue, all, makeMint(0), run::Setup{});
    tenancy = orThrow(readDocument(plan.dump(), "plan", verdict::readTenancy));
  }
  certs::ChainVerifier verifier(tenancy.trustAnchors);
  answerLines([&](const Node& question) { return answer(question, tenancy, verifier, profile); });
  return status::kOk;
}

}  // namespace

Command verdictCommand() {
  return {"verdict",
          "what may a relay do with this peer and envelope? A JSON object a line on standard input, an answer a line "
          "on standard output",
          {{"profile", "NAME|FILE", "exo-2017 when left out"},
           {"tenancy", "FILE",
            "tenants, domains, connectors and trust anchors; the plan of the whole catalogue when left out"}},
          "",
          answerVerdicts};
}

}  // namespace relayproof
